import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseExactJson } from '../json/exact-json.ts';
import { compileJsonSchema, type JsonSchemaFormatOptions, jsonSchemaFormat } from './index.ts';

const draft = (name: string) =>
  name.startsWith('20')
    ? `https://json-schema.org/draft/${name}/schema`
    : `http://json-schema.org/draft-${name}/schema#`;

function write(schema: unknown, value: unknown): string {
  const text = typeof schema === 'string' ? schema : JSON.stringify(schema);
  const target = Buffer.alloc(100_000);
  return target.toString('utf8', 0, compileJsonSchema(text).encode(value, target, 0));
}

function read(text: string | Buffer, schema = '{}', options?: JsonSchemaFormatOptions): unknown {
  return compileJsonSchema(schema, options).decode(Buffer.from(text), 0);
}

function fits(schema: unknown, value: unknown): boolean {
  try {
    write(schema, value);
    return true;
  } catch (error) {
    assert.equal((error as { code: string }).code, 'schema-mismatch');
    return false;
  }
}

test('any JSON value is read as it was written', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      assert.deepEqual(read(write({}, value)), parseExactJson(JSON.stringify(value)));
    }),
  );
});

test('integers beyond 2^53 are written digit for digit and never rounded when read', () => {
  fc.assert(
    fc.property(fc.bigInt(-(2n ** 80n), 2n ** 80n), (n) => {
      const value = Number.isSafeInteger(Number(n)) ? Number(n) : n;
      assert.equal(write({ type: 'integer' }, { n }.n), n.toString());
      assert.deepEqual(read(`{"n":[${n}]}`), { n: [value] });
    }),
  );
  assert.deepEqual(read('[9007199254740993,0.33333333333333333333]'), [9007199254740993n, 1 / 3]);
});

test('bigints are written as digits although a program gives them a toJSON, and the checked value is written', () => {
  const prototype = BigInt.prototype as { toJSON?: () => string };
  prototype.toJSON = function () {
    return this.toString();
  };
  try {
    assert.equal(write({}, { n: [2n ** 60n] }), '{"n":[1152921504606846976]}');
  } finally {
    delete prototype.toJSON;
  }
  const list = Object.assign([1], { toJSON: () => 'x' });
  assert.equal(write({}, list), '"x"');
  assert.ok(!fits({ type: 'array' }, list));
});

test('limits, const, enum and uniqueItems are exact for integers beyond 2^53', () => {
  const big = 2n ** 63n;
  assert.ok(fits('{"maximum":9223372036854775807}', big - 1n));
  assert.ok(!fits('{"maximum":9223372036854775807}', big));
  assert.ok(!fits('{"exclusiveMinimum":true,"minimum":9223372036854775807}', big - 1n));
  assert.ok(fits('{"exclusiveMinimum":true,"minimum":9223372036854775807}', big));
  const seven = `"$schema":"${draft('07')}"`;
  assert.ok(!fits(`{${seven},"properties":{"a":{"const":9007199254740993}}}`, { a: 2n ** 53n }));
  assert.ok(
    fits(`{${seven},"properties":{"a":{"const":9007199254740993}}}`, { a: 2n ** 53n + 1n }),
  );
  assert.ok(!fits('{"enum":[9007199254740993]}', 2n ** 53n));
  assert.ok(fits({ uniqueItems: true }, [2n ** 53n, 2n ** 53n + 1n]));
  assert.ok(
    !fits({ uniqueItems: true }, [
      { a: big, b: 1 },
      { b: 1, a: big },
    ]),
  );
  assert.ok(!fits({ multipleOf: 2 }, [big + 1n][0]));
  assert.ok(!fits({ properties: { a: { type: 'string' } } }, { a: big }));
  assert.ok(fits({ properties: { a: { type: 'integer', minimum: 0 } } }, { a: 10n ** 400n }));
});

test('multipleOf uses decimal arithmetic, as Java does', () => {
  assert.ok(fits({ multipleOf: 0.01 }, 19.99));
  assert.ok(fits({ multipleOf: 0.1 }, 0.3));
  assert.ok(!fits({ multipleOf: 0.1 }, 0.35));
});

test('each draft has its own keywords; the default is draft-04, as in Java', () => {
  assert.ok(fits({ const: 1 }, 2));
  assert.ok(!fits({ $schema: draft('06'), const: 1 }, 2));
  const branch = { if: { const: 2 }, else: false };
  assert.ok(fits({ $schema: draft('06'), ...branch }, 3));
  assert.ok(!fits({ $schema: draft('07'), ...branch }, 3));
  const dependent = { dependentRequired: { a: ['b'] } };
  assert.ok(fits({ $schema: draft('07'), ...dependent }, { a: 1 }));
  assert.ok(!fits({ $schema: draft('2019-09'), ...dependent }, { a: 1 }));
  const tuple = { prefixItems: [{ type: 'string' }], items: false };
  assert.ok(!fits({ $schema: draft('2020-12'), ...tuple }, ['a', 1]));
  assert.ok(!fits({ exclusiveMaximum: true, maximum: 1 }, 1));
  assert.ok(
    fits(
      {
        $schema: draft('07'),
        definitions: { i: { type: 'integer' } },
        properties: { a: { $ref: '#/definitions/i', minimum: 5 } },
      },
      { a: 1 },
    ),
  );
});

test('without $schema the draft is 07 in a Confluent frame, or the chosen one', () => {
  const takes = (framing: 'glue' | 'confluent', options: JsonSchemaFormatOptions = {}) => {
    const codec = jsonSchemaFormat(options).compile({ definition: '{"const":1}' }, { framing });
    try {
      return codec.encode(2, Buffer.alloc(9), 0) === 1;
    } catch {
      return false;
    }
  };
  assert.deepEqual([takes('glue'), takes('confluent')], [true, false]);
  assert.equal(takes('glue', { draft: '2020-12' }), false);
});

test('an empty array with a schema for each item, and a name without letters, are checked', () => {
  assert.ok(!fits({ $schema: draft('07'), items: [{}], contains: { const: 1 } }, []));
  assert.ok(!fits({ $schema: draft('2020-12'), prefixItems: [{}], contains: { const: 1 } }, []));
  const never = { items: [{}, {}], contains: { const: 1 } };
  assert.ok(fits({ $schema: draft('07'), not: { not: { not: never } } }, []));
  assert.ok(
    !fits({ items: [{ type: 'string' }, { type: 'string' }], uniqueItems: true, minItems: 2 }, [
      'a',
    ]),
  );
  assert.throws(() => write({ items: [{ type: 'string' }] }, [1]), {
    pointer: '/0',
    expected: 'string',
  });
});

test("a property named '' is missing wherever it is required", () => {
  assert.throws(() => write({ required: ['a', ''] }, { a: 1 }), { pointer: '/' });
  assert.ok(fits({ not: { required: [''] } }, {}));
  assert.ok(!fits({ not: { required: [''] } }, { '': 1 }));
  assert.ok(fits({ $schema: draft('07'), if: { required: [''] }, else: { type: 'object' } }, {}));
  const dependencies = { a: ['b', ''], c: { required: ['a'] } };
  assert.ok(!fits({ dependencies }, { a: 1, b: 1 }));
  assert.ok(fits({ not: { dependencies } }, { a: 1, b: 1 }));
  assert.ok(fits({ dependencies }, { a: 1, b: 1, '': 1, c: 1 }));
  assert.ok(!fits({ dependencies }, { c: 1 }));
  for (const name of ['2019-09', '2020-12'] as const) {
    const both = {
      $schema: draft(name),
      dependentRequired: { a: [''] },
      dependentSchemas: { a: { required: ['b'] } },
    };
    assert.ok(fits(both, { a: 1, b: 1, '': 1 }));
    assert.ok(!fits(both, { a: 1, b: 1 }));
    assert.ok(!fits(both, { a: 1, '': 1 }));
    assert.ok(fits({ $schema: draft(name), not: both }, { a: 1, b: 1 }));
  }
});

test('keywords that Java does not know are ignored', () => {
  assert.ok(!fits({ type: 'string', nullable: true }, null));
  assert.ok(fits({ id: 'x', required: [] }, {}));
  assert.ok(fits({ $schema: draft('07'), id: 'x' }, {}));
  assert.ok(fits({ pattern: '(?i)^\\Aa\\-b$' }, 'A-B'));
  assert.ok(!fits({ required: ['toString'] }, {}));
});

// [draft, format, text, whether the Java library 1.1.27 accepts it]
for (const [name, format, text, accepted] of [
  ['04', 'date-time', '2020-01-01T00:00:00.123456789+01:00', true],
  ['04', 'date-time', '2020-02-30T00:00:00Z', true],
  ['04', 'date-time', '2020-01-01T00:00:00', false],
  ['04', 'date-time', '2020-01-01t00:00:00z', false],
  ['04', 'date-time', '2016-12-31T23:59:60Z', false],
  ['04', 'date', 'nope', true],
  ['07', 'date', '2020-02-30', false],
  ['07', 'time', '10:00:00Z', true],
  ['07', 'time', '10:00:00', false],
  ['04', 'email', 'a@example.com', true],
  ['04', 'email', 'a@localhost', false],
  ['04', 'hostname', 'a_b', false],
  ['04', 'date-time', '2020-01-01T24:00:00Z', true],
  ['04', 'date-time', '2020-01-01T23:59:59+18:30', false],
  ['04', 'email', '"a b"@c.org', true],
  ['04', 'email', 'a@[1.2.3.4]', true],
  ['04', 'email', 'é@é.com', true],
  ['04', 'email', 'a..b@c.org', false],
  ['04', 'hostname', 'é.com', true],
  ['04', 'hostname', 'a.1', false],
  ['04', 'ipv6', 'fe80::1%eth0', true],
  ['06', 'uri', 'http://', false],
  ['04', 'ipv4', '1.2.3.999', false],
  ['04', 'ipv6', '::1', true],
  ['04', 'ipv6', '::g', false],
  ['04', 'uri', '/foo', true],
  ['04', 'uri', 'not a uri', false],
  ['07', 'uri', '/foo', false],
  ['07', 'uri', 'http://a.b/é', true],
  ['06', 'uri-reference', '\\\\x', false],
  ['06', 'json-pointer', 'a', false],
  ['07', 'regex', '(', false],
  ['07', 'relative-json-pointer', 'a', false],
  ['04', 'hostname', '1', true],
  ['04', 'hostname', 'kafka-1', true],
  ['04', 'hostname', '1.2.3.4', false],
  ['04', 'ipv6', '::1/128', true],
  ['04', 'ipv6', '::1/129', false],
  ['04', 'uri', '', true],
  ['04', 'uri', ':x', false],
  ['04', 'uri', 'http://a.b/?q=[1]#[2]', true],
  ['06', 'uri', '//a.b/c', true],
  ['07', 'uri', '//a.b/c', false],
  ['07', 'uri-reference', '//a.b/c', true],
  ['07', 'uri-reference', '//', false],
  ['07', 'uri-reference', 'http:#a', false],
  ['07', 'uri-reference', '1:2', false],
  ['06', 'uri-template', 'http://a/{b}{?c,d*}{e:3}', true],
  ['06', 'uri-template', 'a b<"{c.d}', true],
  ['06', 'uri-template', '{=a}', false],
  ['06', 'uri-template', '{a', false],
  ['07', 'date', '+12020-02-29', true],
  ['07', 'date', '-2019-02-29', false],
  ['07', 'date', '+2020-01-01', false],
  ['07', 'time', '10:00:00+23:59', true],
  ['07', 'time', '10:00:00+24:00', false],
  ['07', 'relative-json-pointer', '0/a~', true],
  ['07', 'uuid', 'nope', true],
  ['07', 'idn-email', 'nope', true],
  ['2020-12', 'uuid', 'nope', false],
] as const) {
  test(`draft ${name} ${accepted ? 'accepts' : 'rejects'} '${text}' as ${format}`, () => {
    assert.equal(fits({ $schema: draft(name), format }, text), accepted);
  });
}

test('up to draft-07 keywords beside a reference are ignored', () => {
  const type = ['object', 'null'];
  for (const name of ['04', '06', '07']) {
    for (const beside of [
      { type: 'object' },
      { type: 'string' },
      { type: ['array'], minimum: 5 },
    ]) {
      const ref = { $ref: '#/definitions/a', ...beside };
      const rest = { $schema: draft(name), definitions: { a: { type }, type: { type } } };
      for (const x of [ref, { allOf: [ref] }, { items: ref }]) {
        const value = 'items' in x ? [null, {}] : null;
        assert.ok(fits({ ...rest, properties: { x } }, { x: value }), name);
      }
      assert.ok(!fits({ ...rest, properties: { x: ref } }, { x: 'a' }), name);
    }
    // At the target of a reference, `type` is a name.
    const named = { $ref: '#/x/type', type: { type: 'null' } };
    assert.ok(fits({ $schema: draft(name), x: named, items: { $ref: '#/x/type' } }, [null]));
  }
  const latest = { $schema: draft('2020-12'), $defs: { a: { type } } };
  const beside = { $ref: '#/$defs/a', type: 'object' };
  assert.ok(!fits({ ...latest, properties: { x: beside } }, { x: null }));
});

test('a definition may have any URN as its $id, and refer to itself by it', () => {
  for (const name of [
    'urn:order',

    'urn:example:order',
    'urn:example:a/b',
    'urn:a_b',
  ]) {
    const text = { text: { type: 'string' } };
    const of = (ref: string) => ({
      ...{ $schema: draft('07'), $id: name, definitions: text },
      items: { $ref: ref },
    });
    for (const ref of [`${name}#/definitions/text`, '#/definitions/text']) {
      assert.ok(fits(of(ref), ['a']), `${name} ${ref}`);
      assert.ok(!fits(of(ref), [1]), `${name} ${ref}`);
    }
    const references = [{ name, definition: '{"type":"string"}' }];
    const codec = compileJsonSchema(JSON.stringify({ $ref: name }), {}, references);
    assert.equal(codec.encode('a', Buffer.alloc(9), 0), 3);
    assert.throws(() => codec.encode(5, Buffer.alloc(9), 0), { code: 'schema-mismatch' });
  }
  assert.ok(fits({ id: 'urn:order', type: 'string' }, 'a'));
});

test('a definition that cannot be compiled is an invalid schema', () => {
  for (const schema of [
    '{',
    '{"type":"foo"}',
    '{"properties":5}',
    '{"exclusiveMaximum":5}',
    '{"$schema":"http://example.com/x"}',
    '{"properties":{"a":{"$ref":"other.json"}}}',
    '{"properties":{"a":{"$ref":"#/definitions/none"}}}',
    '{"pattern":"["}',
    '{"$ref":"#"}',
    `${'{"not":'.repeat(20_000)}{}${'}'.repeat(20_000)}`,
  ]) {
    assert.throws(() => write(schema, {}), { code: 'invalid-schema' }, schema);
  }
});

test('the work for branches that refer to the same schema is limited', () => {
  const list = { type: 'array', items: { $ref: '#' } };
  const schema = JSON.stringify({ anyOf: [list, list, { type: 'string' }] });
  const nested = (levels: number, inmost: unknown): unknown =>
    levels === 0 ? inmost : [nested(levels - 1, inmost)];
  assert.equal(write(schema, nested(500, 'x')), JSON.stringify(nested(500, 'x')));
  for (const levels of [5, 60]) {
    assert.throws(() => write(schema, nested(levels, 1)), { code: 'schema-mismatch' });
  }
});

test('a definition refers to its references by their names', () => {
  const definition =
    '{"properties":{"a":{"$ref":"other.json"},"b":{"$ref":"other.json#/definitions/n"}}}';
  const other = '{"type":"string","definitions":{"n":{"maximum":9007199254740992}}}';
  const codec = compileJsonSchema(definition, {}, [{ name: 'other.json', definition: other }]);
  const target = Buffer.alloc(100);
  assert.equal(codec.encode({ a: 'x', b: 2n ** 53n }, target, 0), 30);
  assert.throws(() => codec.encode({ a: 1 }, target, 0), { pointer: '/a' });
  assert.throws(() => codec.encode({ b: 2n ** 53n + 1n }, target, 0), { pointer: '/b' });
});

test('a value without a JSON form is rejected with its place', () => {
  for (const [value, pointer] of [
    [{ a: [1, Number.NaN] }, '/a/1'],
    [{ 'a/b': () => 1 }, '/a~1b'],
    [{ a: new Map() }, '/a'],
    [{ secret: { a: 1, b: new Set() } }, '/*/*'],
    [undefined, ''],
    [[undefined], '/0'],
  ] as const) {
    const named = { properties: { a: {}, 'a/b': {} } };
    assert.throws(() => write(named, value), { code: 'schema-mismatch', pointer });
  }
  for (const builtIn of [Object(5), Object('x'), /x/, new Error('x'), Object(5n)]) {
    assert.ok(!fits({}, builtIn));
  }
  assert.ok(!fits({}, new ArrayBuffer(3)) && !fits({}, Promise.resolve()));
  assert.ok(!fits({}, new Headers({ a: 'b' })) && !fits({}, new URLSearchParams('a=b')));
  const endless: Record<string, unknown> = {};
  endless.a = endless;
  assert.throws(() => write({}, endless), { code: 'schema-mismatch' });
  assert.equal(
    write({}, { at: new Date(0), gone: undefined }),
    '{"at":"1970-01-01T00:00:00.000Z"}',
  );
});

test('a mismatch names the first invalid property and nothing of the value', () => {
  const schema = {
    type: 'object',
    properties: { a: { anyOf: [{ type: 'string' }, { minimum: 3 }] }, 'b/c': { type: 'string' } },
  };
  assert.throws(() => write(schema, { a: 1 }), { pointer: '/a' });
  assert.throws(() => write(schema, { 'b/c': 'secret'.length }), {
    pointer: '/b~1c',
    expected: 'string',
    message: "expected string at '/b~1c'",
  });
});

test('damaged bodies are rejected', () => {
  for (const [body, damage] of [
    ['', 'bad-body'],
    ['{"a":1', 'bad-body'],
    ['{"a":1}x', 'bad-body'],
    [Buffer.from([0x22, 0xff, 0x22]), 'bad-body'],
    ['['.repeat(100_000), 'nested-too-deeply'],
    [`${'{"a":'.repeat(1001)}1${'}'.repeat(1001)}`, 'nested-too-deeply'],
    [`"${'\\"['.repeat(1000)}`, 'bad-body'],
    [`[${'1'.repeat(1001)}]`, 'bad-body'],
    ['[1e400]', 'bad-body'],
    ['[-1E+0999]', 'bad-body'],
    [`[${'9'.repeat(309)}.5]`, 'bad-body'],
  ] as const) {
    assert.throws(() => read(body), { code: 'damaged-frame', damage });
  }
  const brackets = '['.repeat(5000);
  assert.equal(read(JSON.stringify(`\\"${brackets}`)), `\\"${brackets}`);
  assert.ok(read(`${'['.repeat(1000)}${']'.repeat(1000)}`));
});

test('random bytes are read, or rejected as damaged', () => {
  const codec = compileJsonSchema('{}');
  const text = fc.oneof(
    fc.uint8Array({ maxLength: 40 }),
    fc.json().map((json) => Buffer.from(json)),
  );
  const cut = fc.tuple(text, fc.nat({ max: 40 })).map(([bytes, end]) => bytes.subarray(0, end));
  fc.assert(
    fc.property(cut, (bytes) => {
      try {
        codec.decode(Buffer.from(bytes), 0);
      } catch (error) {
        assert.equal((error as { code: string }).code, 'damaged-frame');
      }
    }),
    { numRuns: 20_000 },
  );
});

test('a property named __proto__ is an ordinary property and changes no prototype', () => {
  const text = '{"__proto__":{"polluted":true},"n":12345678901234567890}';
  const value = read(text) as object;
  assert.deepEqual(Object.keys(value), ['__proto__', 'n']);
  assert.equal(Object.getPrototypeOf(value), Object.prototype);
  assert.equal(({} as { polluted?: boolean }).polluted, undefined);
  assert.equal(write({}, value), text);
  assert.equal(write({}, Object.assign(value, { gone: undefined })), text);
});

test('validateOnRead rejects a body that does not match its schema', () => {
  const schema = '{"type":"string"}';
  assert.equal(read('1', schema), 1);
  assert.throws(() => read('1', schema, { validateOnRead: true }), { damage: 'not-by-schema' });
});

test('encode returns how many bytes a target lacks', () => {
  const codec = compileJsonSchema('{}');
  assert.equal(codec.encode('é', Buffer.alloc(3), 1), -2);
  assert.equal(codec.encode('é', Buffer.alloc(5), 1), 5);
});
