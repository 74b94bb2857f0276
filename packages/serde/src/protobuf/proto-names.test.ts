import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { compileProtobuf } from './index.ts';

const glue = { framing: 'glue' } as const;
const target = Buffer.alloc(1000);

function write(definition: string, value: unknown): string {
  const codec = compileProtobuf({ definition }, { ...glue, message: 'p.M' });
  return target.toString('hex', 1, codec.encode(value, target, 0));
}

function read(definition: string, hex: string, fieldNames: 'json' | 'proto' = 'json') {
  const codec = compileProtobuf({ definition }, { ...glue, message: 'p.M' }, { fieldNames });
  return codec.decode(Buffer.from(`00${hex}`, 'hex'), 0) as Record<string, unknown>;
}

// Members of every object: a look-up through the prototype finds these.
const inherited = Object.getOwnPropertyNames(Object.prototype).filter(
  (name) => name !== '__proto__',
);
const names = fc.shuffledSubarray([...inherited, 'a', 'b_c', 'then', 'length'], { minLength: 9 });

const definitionOf = ([a, b, c, d, e, message, type, value, oneof]: readonly string[]) => `
  syntax = "proto3"; package p;
  message M { string ${a} = 1; map<string, int32> ${b} = 2; ${message} ${c} = 3;
    repeated ${type} ${d} = 4; oneof ${oneof} { int32 ${e} = 5; } }
  message ${message} { int32 ${a} = 1; } enum ${type} { ZERO = 0; ${value} = 1; }`;

test('inherited names of JavaScript are fields, messages, enums and oneofs like others', () => {
  const plain = ['a', 'b', 'c', 'd', 'e', 'N', 'E', 'ONE', 'o'];
  const wire = write(definitionOf(plain), {
    ...{ a: 'x', b: { constructor: 1 }, c: { a: 2 } },
    ...{ d: ['ONE', 'ZERO'], e: 3 },
  });
  fc.assert(
    fc.property(names, (drawn) => {
      const [a = '', b = '', c = '', d = '', e = '', , , value = ''] = drawn;
      const definition = definitionOf(drawn);
      const expected: Record<string, unknown> = {
        ...{ [a]: 'x', [b]: { constructor: 1 }, [c]: { [a]: 2 } },
        ...{ [d]: [value, 'ZERO'], [e]: 3 },
      };
      // Names are not on the wire.
      assert.equal(write(definition, expected), wire);
      assert.deepEqual(read(definition, wire, 'proto'), expected);
      assert.equal(write(definition, read(definition, wire)), wire);
      assert.equal(write(definition, {}), '');
    }),
  );
});

test('the name __proto__ is rejected wherever a definition declares it', () => {
  fc.assert(
    fc.property(names, fc.nat({ max: 8 }), (drawn, at) => {
      const definition = definitionOf(drawn.toSpliced(at, 1, '__proto__'));
      assert.throws(() => write(definition, {}), {
        code: 'invalid-schema',
        message: /line \d+: the name __proto__ is not supported/,
      });
    }),
  );
  for (const text of [
    'package a.__proto__; message M {}',
    'message M { optional .q.__proto__.N n = 1; }',
  ]) {
    assert.throws(() => compileProtobuf({ definition: text }, glue), {
      code: 'invalid-schema',
      message: /__proto__/,
    });
  }
});

test('a JSON name may be __proto__ and is an own property', () => {
  const definition = `syntax = "proto3"; package p; message M { reserved "__proto__";
    int32 a = 1 [json_name = "__proto__"]; }`;
  const value = JSON.parse('{"__proto__":5}');
  assert.equal(write(definition, value), '0805');
  assert.equal(JSON.stringify(read(definition, '0805')), '{"__proto__":5}');
  assert.equal(Object.getPrototypeOf(read(definition, '0805')), Object.prototype);
});

test('no JSON name may hide the type of a message', () => {
  const definition = `syntax = "proto3"; package p; message M { int32 a = 1 [json_name = "$typeName"]; }`;
  assert.throws(() => write(definition, {}), {
    code: 'invalid-schema',
    message: /p\.M\.a cannot have the JSON name \$typeName/,
  });
});

const named = (a: string, b: string) =>
  `syntax = "proto3"; package p; message M { int32 a = 1 [json_name = "${a}"]; int32 b = 2 [json_name = "${b}"]; }`;

test('a name means the field with that JSON name before the field with that own name', () => {
  assert.equal(write(named('b', 'c'), { b: 1, c: 2 }), '08011002');
  assert.equal(write(named('b', 'c'), { a: 1, c: 2 }), '08011002');
  assert.equal(write(named('b', 'c'), { b: 1 }), '0801');
  assert.equal(write(named('b', 'a'), { b: 1, a: 2 }), '08011002');
  assert.equal(write(named('b', 'a'), { a: 2 }), '1002');
});

test('a message read with either names is written unchanged, and JSON has the declared names', () => {
  for (const [definition, json] of [
    [named('b', 'c'), '{"b":1,"c":2}'],
    [named('b', 'a'), '{"b":1,"a":2}'],
  ] as const) {
    for (const fieldNames of ['json', 'proto'] as const) {
      for (const values of ['plain', 'json'] as const) {
        const codec = compileProtobuf({ definition }, glue, { fieldNames, values });
        const value = codec.decode(Buffer.from('0008011002', 'hex'), 0);
        assert.equal(JSON.stringify(value), fieldNames === 'json' ? json : '{"a":1,"b":2}');
        assert.equal(target.toString('hex', 1, codec.encode(value, target, 0)), '08011002');
      }
    }
  }
});

test('fields that share a JSON name use their own names, also when that shares another', () => {
  const definition = `package p; message M { optional int32 a_b = 1;
    optional int32 c = 2 [json_name = "aB"]; optional int32 d = 3 [json_name = "a_b"]; }`;
  assert.deepEqual(read(definition, '080110021803'), { a_b: 1, c: 2, d: 3 });
  assert.equal(write(definition, { a_b: 1, c: 2, d: 3 }), '080110021803');
});
