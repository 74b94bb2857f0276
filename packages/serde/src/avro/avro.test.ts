import assert from 'node:assert/strict';
import { test } from 'node:test';
import avro from 'avsc';
import fc from 'fast-check';
import { DamagedFrameError, InvalidSchemaError, SchemaMismatchError } from '../errors.ts';
import { compileAvro } from './avro.ts';

const target = Buffer.alloc(1024 * 1024);

function encode(schema: unknown, value: unknown): Buffer {
  return encodeWith(compileAvro(textOf(schema)), value);
}

function encodeWith(codec: ReturnType<typeof compileAvro>, value: unknown): Buffer {
  return Buffer.from(target.subarray(0, codec.encode(value, target, 0)));
}

function decode(schema: unknown, bytes: Buffer): unknown {
  return compileAvro(textOf(schema)).decode(bytes, 0);
}

function textOf(schema: unknown): string {
  return typeof schema === 'string' && schema.startsWith('{') ? schema : JSON.stringify(schema);
}

function record(...fields: object[]) {
  return { type: 'record', name: 'R', fields };
}

function refusalOf(schema: unknown, value: unknown): SchemaMismatchError {
  try {
    encode(schema, value);
  } catch (error) {
    assert.ok(error instanceof SchemaMismatchError, String(error));
    return error;
  }
  return assert.fail('the value was accepted');
}

function zigzag(value: bigint): Buffer {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, (value << 1n) ^ (value >> 63n));
  for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  return Buffer.from([...bytes, Number(rest)]);
}

const int64 = fc.oneof(
  fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n),
  fc.integer({ min: 0, max: 63 }).chain((bits) => {
    const edge = 2n ** BigInt(bits);
    const edges = [edge, edge - 1n, -edge, -edge - 1n, 1n - edge];
    return fc.constantFrom(...edges.map((value) => BigInt.asIntN(64, value)));
  }),
);
const longs = [
  'long',
  { type: 'long', logicalType: 'timestamp-millis' },
  { type: 'long', logicalType: 'anything' },
];

for (const schema of longs) {
  test(`every 64-bit integer goes through ${JSON.stringify(schema)} with all its digits`, () => {
    const codec = compileAvro(textOf(schema));
    fc.assert(
      fc.property(int64, (value) => {
        const bytes = encodeWith(codec, value);
        assert.deepEqual(bytes, zigzag(value));
        const decoded = codec.decode(bytes, 0);
        const safe = Number.isSafeInteger(Number(value));
        assert.equal(typeof decoded, safe ? 'number' : 'bigint');
        assert.equal(BigInt(decoded as number), value);
        if (safe) assert.deepEqual(encodeWith(codec, Number(value)), bytes);
      }),
      { numRuns: 2000 },
    );
  });
}

test('a long below -2^52 keeps its sign, which avsc alone changes silently', () => {
  const type = avro.Type.forSchema('long');
  const value = -(2 ** 52) - 1;
  assert.equal(type.fromBuffer(type.toBuffer(value)), 2 ** 52);
  assert.equal(decode('long', encode('long', value)), value);
});

test('a value that is not a 64-bit integer is rejected as a long', () => {
  for (const value of [2 ** 53, -(2 ** 53), 2n ** 63n, -(2n ** 63n) - 1n, 1.5, NaN, '1', null]) {
    assert.equal(refusalOf('long', value).expected, 'long', String(value));
  }
});

test('a long inside a union, an array and a map can be a bigint or a number', () => {
  const big = 2n ** 60n;
  for (const [schema, value] of [
    [['null', 'long'], big],
    [{ type: 'array', items: ['null', 'long'] }, [1, null, big]],
    [
      { type: 'map', values: 'long' },
      { a: 1, b: big },
    ],
    [['int', 'long'], { long: big }],
  ]) {
    assert.deepEqual(decode(schema, encode(schema, value)), value);
  }
});

test('a default beyond 2^53 is written with every digit', () => {
  const schema = `{"type":"record","name":"R","fields":[
    {"name":"id","type":"long","default":9007199254740993},
    {"name":"part","type":"double","default":9007199254740993}]}`;
  assert.deepEqual(decode(schema, encode(schema, {})), { id: 9007199254740993n, part: 2 ** 53 });
});

test('the error has the JSON pointer of the first wrong field', () => {
  const schema = record(
    { name: 'id', type: 'string' },
    { name: 'tags', type: { type: 'map', values: ['null', 'int'] } },
    {
      name: 'items',
      type: { type: 'array', items: { ...record({ name: 'n', type: 'long' }), name: 'I' } },
    },
    { name: 'either', type: ['int', 'long'], default: 0 },
  );
  const good = { id: 'a', tags: {}, items: [] };
  const cases: [object, string, string][] = [
    [{ ...good, id: 5 }, '/id', 'string'],
    [{ tags: {}, items: [] }, '/id', 'string'],
    [{ ...good, tags: { key: 1.5 } }, '/tags/*', 'int'],
    [{ ...good, items: [{ n: 1 }, { n: '2' }] }, '/items/1/n', 'long'],
    [{ ...good, either: { long: 'x' } }, '/either/long', 'long'],
    [[], '', 'R'],
  ];
  for (const [value, pointer, expected] of cases) {
    const refusal = refusalOf(schema, value);
    assert.deepEqual([refusal.pointer, refusal.expected], [pointer, expected]);
  }
});

test('an error contains nothing of the value, nor of the keys of a map', () => {
  const map = { type: 'map', values: { type: 'map', values: 'long' } };
  for (const [schema, value] of [
    [record({ name: 'card', type: 'long' }), { card: '4111-1111' }],
    [map, { '4111-1111': { '4111-1112': null } }],
    [map, new Map([['4111-1111', new Map([['4111-1112', null]])]])],
    [map, new Map([['\ud800 4111', {}]])],
  ]) {
    const refusal = refusalOf(schema, value);
    assert.doesNotMatch(`${refusal.stack} ${JSON.stringify(refusal)}`, /4111/);
    assert.equal(refusal.cause, undefined);
  }
});

test('values that avsc would write as something else are rejected', () => {
  const colour = { type: 'enum', name: 'Colour', symbols: ['RED', 'BLUE'] };
  const allDefaults = record({ name: 'n', type: 'int', default: 1 });
  for (const [schema, value] of [
    [colour, 'toString'],
    [colour, ['RED']],
    [allDefaults, 5],
    [allDefaults, []],
    [allDefaults, 'text'],
    [{ type: 'map', values: 'int' }, new Set(['a'])],
    [record({ name: 'a', type: 'int' }), new Map([['a', 1]])],
    ...[new Date(), Promise.resolve({ n: 1 }), /a/, new ArrayBuffer(1), new Error('n')].flatMap(
      (builtin): [object, unknown][] => [
        [{ type: 'map', values: 'int' }, builtin],
        [allDefaults, builtin],
        [record(), builtin],
      ],
    ),
    ['float', 1e39],
    ['string', '\ud800'],
    ['string', `${'long text '.repeat(20)}\udc00`],
    [['int', 'long'], 5],
    [['null', 'string'], undefined],
  ]) {
    refusalOf(schema, value);
  }
});

test('an instance is written by its own members, whatever its toStringTag is', () => {
  class Order {
    n = 5;
    get [Symbol.toStringTag]() {
      return 'Order';
    }
  }
  const given = new Order();
  const allDefaults = record({ name: 'n', type: 'int', default: 1 });
  for (const schema of [allDefaults, { type: 'map', values: 'int' }]) {
    assert.deepEqual(decode(schema, encode(schema, given)), { n: 5 });
  }
});

test('a value that contains itself is rejected', () => {
  const node = record({ name: 'next', type: ['null', 'R'] });
  const loop: { next?: object } = {};
  loop.next = loop;
  assert.equal(refusalOf(node, loop).pointer, '');
});

test('missing fields take their defaults, and properties that are not fields are ignored', () => {
  const schema = record(
    { name: 'a', type: 'int' },
    { name: 'b', type: ['null', 'string'], default: null },
    { name: 'constructor', type: 'string', default: 'x' },
  );
  const decoded = decode(schema, encode(schema, { a: 1, other: true }));
  assert.deepEqual(decoded, { a: 1, b: null, constructor: 'x' });
});

test('decoded records, maps and tagged branches are plain objects with own properties only', () => {
  const schema = record(
    { name: '__proto__', type: { type: 'map', values: 'string' } },
    { name: 'u', type: ['int', 'long'] },
  );
  const value = Object.defineProperty({ u: { int: 1 } }, '__proto__', {
    value: JSON.parse('{"__proto__":"own"}'),
    enumerable: true,
  });
  const decoded = decode(schema, encode(schema, value)) as Record<string, object>;
  assert.deepEqual(Object.keys(decoded), ['__proto__', 'u']);
  assert.equal(Object.getPrototypeOf(decoded), Object.prototype);
  assert.equal(Object.getPrototypeOf(decoded.u), Object.prototype);
  const map = Object.getOwnPropertyDescriptor(decoded, '__proto__')?.value;
  assert.equal(Object.getPrototypeOf(map), Object.prototype);
  assert.equal(Object.getOwnPropertyDescriptor(map, '__proto__')?.value, 'own');
  assert.equal(({} as Record<string, unknown>).own, undefined);
});

test('names that every JavaScript object has are symbols, fields, types and branches like any other', () => {
  const symbols = ['A', 'constructor', '__proto__'];
  for (const symbol of symbols) {
    const schema = { type: 'enum', name: 'toString', symbols };
    assert.equal(decode(schema, encode(schema, symbol)), symbol);
    assert.deepEqual(decode(['null', schema], encode(['null', schema], symbol)), symbol);
    const tagged = ['string', schema, { type: 'record', name: 'constructor', fields: [] }];
    for (const value of [{ toString: symbol }, { string: '' }, { constructor: {} }])
      assert.deepEqual(decode(tagged, encode(tagged, value)), value);
  }
  const fields = ['__proto__', 'type', 'name', 'constructor'];
  const schema = record(...fields.map((name) => ({ name, type: 'int' })));
  const value = Object.fromEntries(fields.map((name, i) => [name, i]));
  assert.deepEqual(decode(schema, encode(schema, value)), value);
});

test('a tagged branch inside its own record is a plain object', () => {
  const schema = record(
    { name: 'next', type: ['null', 'R', { type: 'map', values: 'int' }] },
    { name: 'n', type: 'int' },
  );
  const value = { next: { R: { next: null, n: 1 } }, n: 2 };
  assert.deepEqual(decode(schema, encode(schema, value)), value);
});

test('bytes and fixed take any Uint8Array, and give Buffers', () => {
  const fixed = { type: 'fixed', name: 'F', size: 2 };
  const schema = record(
    { name: 'b', type: ['null', 'bytes'] },
    { name: 'f', type: fixed },
    { name: 'u', type: ['bytes', 'F'] },
  );
  const bytes = new Uint8Array([0, 1, 2, 3]).subarray(1, 3);
  const decoded = decode(schema, encode(schema, { b: bytes, f: bytes, u: { F: bytes } }));
  const buffer = Buffer.from([1, 2]);
  assert.deepEqual(decoded, { b: buffer, f: buffer, u: { F: buffer } });
  assert.equal(refusalOf(schema, { b: null, f: new Uint8Array(3), u: { bytes } }).pointer, '/f');
  assert.equal(refusalOf('bytes', new Uint16Array(2)).expected, 'bytes');
});

test('texts of every length and script are decoded unchanged', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (text) => {
      const bytes = encode('string', text);
      assert.deepEqual(bytes.subarray(bytes.length - Buffer.byteLength(text)), Buffer.from(text));
      assert.equal(decode('string', bytes), text);
    }),
  );
});

test('definitions that Java and Python compile are compiled', () => {
  const named = { type: 'fixed', name: 'Id', size: 2 };
  const value = { a: Buffer.from('ab'), b: Buffer.from('cd'), c: 'x', d: [1] };
  const schema = record(
    { name: 'a', type: named },
    { name: 'b', type: { type: 'Id' } },
    { name: 'c', type: { type: { type: 'string' } } },
    { name: 'd', type: { type: 'array', name: 'ignored', items: 'int' } },
  );
  assert.deepEqual(decode(schema, encode(schema, value)), value);
});

test('a writer schema with a default that avsc rejects is read', () => {
  const schema = record({ name: 'a', type: ['null', 'string'], default: 'second branch' });
  assert.deepEqual(decode(schema, Buffer.from([0])), { a: null });
});

test('a text that is not an Avro definition is an InvalidSchemaError', () => {
  for (const text of [
    '{',
    'null',
    '5',
    '"Missing"',
    '{"type":"record","name":"R"}',
    '{}',
    '[[]]',
  ]) {
    assert.throws(() => compileAvro(text).decode(Buffer.alloc(1), 0), InvalidSchemaError, text);
  }
});

test('lengths, counts and indexes beyond the bytes are rejected', () => {
  const long = (value: bigint) => zigzag(value);
  const nulls = { type: 'array', items: 'null' };
  const cases: [unknown, Buffer, string][] = [
    ['string', long(-1n), 'bad-body'],
    ['string', long(2n ** 40n), 'truncated-body'],
    ['string', Buffer.alloc(300, 0x80), 'bad-body'],
    ['bytes', long(2n ** 50n), 'truncated-body'],
    ['int', long(2n ** 31n), 'bad-body'],
    ['int', long(2n ** 60n), 'bad-body'],
    ['long', Buffer.from('ffffffffffffffffff02', 'hex'), 'bad-body'],
    [{ type: 'array', items: 'int' }, long(2n ** 40n), 'truncated-body'],
    [{ type: 'array', items: 'int' }, long(-(2n ** 62n)), 'bad-body'],
    [{ type: 'map', values: 'null' }, long(2n ** 40n), 'truncated-body'],
    [nulls, long(2n ** 31n), 'bad-body'],
    [{ type: 'array', items: nulls }, Buffer.alloc(100_000, 'fe7f', 'hex'), 'bad-body'],
    [['null', 'int'], long(2n), 'bad-body'],
    [['int', 'long'], long(2n), 'bad-body'],
    [{ type: 'enum', name: 'E', symbols: ['A'] }, long(1n), 'bad-body'],
    ['boolean', Buffer.alloc(2), 'trailing-bytes'],
    [record({ name: 'next', type: 'R' }), Buffer.alloc(1), 'nested-too-deeply'],
    [
      record({ name: 'next', type: ['null', 'R'] }),
      Buffer.alloc(1_000_000, 2),
      'nested-too-deeply',
    ],
  ];
  for (const [schema, bytes, damage] of cases) {
    const label = `${JSON.stringify(schema)} ${bytes.toString('hex').slice(0, 24)}`;
    assert.throws(() => decode(schema, bytes), { code: 'damaged-frame', damage }, label);
  }
  assert.deepEqual(decode(nulls, Buffer.from([6, 0])), [null, null, null]);
});

test('any bytes either decode or are a DamagedFrameError', () => {
  const schema = record(
    { name: 'i', type: 'int' },
    { name: 'u', type: ['null', 'long', 'string'] },
    { name: 'm', type: { type: 'map', values: { type: 'array', items: 'null' } } },
    { name: 'e', type: { type: 'enum', name: 'E', symbols: ['A', 'B'] } },
    { name: 'r', type: ['R', 'null'] },
  );
  const codec = compileAvro(JSON.stringify(schema));
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
      try {
        codec.decode(Buffer.from(bytes), 0);
      } catch (error) {
        assert.ok(error instanceof DamagedFrameError, String(error));
      }
    }),
    { numRuns: 5000 },
  );
});
