import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { compileAvro, parseAvro } from '@order-stream/serde';
import fc from 'fast-check';
import { compileAvroMembers, type MembersOf, untypedMembers } from './attribute-value.ts';
import { canonicalNumber, decimalOf } from './number-attribute.ts';
import { createValuePath, MisfitError } from './value-path.ts';

function attributesOf(membersOf: MembersOf, value: unknown): Record<string, AttributeValue> {
  const { values, convert } = membersOf(value);
  const path = createValuePath();
  return Object.fromEntries(
    Object.keys(values).map((name) => {
      path.enter(name);
      const attribute = convert(name, path);
      path.leave();
      return [name, attribute];
    }),
  );
}

/** Encodes and decodes the value first, so that the conversion gets the decoder's value. */
function stored(schema: unknown, value: unknown): Record<string, AttributeValue> {
  const definition = JSON.stringify(schema);
  const codec = compileAvro(definition);
  const bytes = Buffer.alloc(100_000);
  const end = codec.encode(value, bytes, 0);
  return attributesOf(
    compileAvroMembers(parseAvro(definition)),
    codec.decode(bytes.subarray(0, end), 0),
  );
}

const record = (fields: Record<string, unknown>) => ({
  type: 'record',
  name: 'Everything',
  namespace: 'test',
  fields: Object.entries(fields).map(([name, type]) => ({ name, type })),
});

const decimal = (precision: number, scale: number) => ({
  type: 'bytes',
  logicalType: 'decimal',
  precision,
  scale,
});

test('S1-05 each Avro type has its attribute type', () => {
  const long = (logicalType: string) => ({ type: 'long', logicalType });
  const rows: [unknown, unknown, AttributeValue][] = [
    ['null', null, { NULL: true }],
    ['boolean', true, { BOOL: true }],
    ['int', -7, { N: '-7' }],
    ['long', 2n ** 63n - 1n, { N: '9223372036854775807' }],
    ['long', -(2n ** 63n), { N: '-9223372036854775808' }],
    ['float', 0.5, { N: '0.5' }],
    ['double', 1e-7, { N: '1e-7' }],
    ['double', -0, { N: '0' }],
    ['string', 'Straße', { S: 'Straße' }],
    ['string', '', { S: '' }],
    ['bytes', Buffer.from([255, 0]), { B: Buffer.from([255, 0]) }],
    [{ type: 'fixed', name: 'Two', size: 2 }, Buffer.from([1, 2]), { B: Buffer.from([1, 2]) }],
    [{ type: 'enum', name: 'Suit', symbols: ['HEARTS'] }, 'HEARTS', { S: 'HEARTS' }],
    [{ type: 'array', items: 'int' }, [1, 2], { L: [{ N: '1' }, { N: '2' }] }],
    [long('timestamp-millis'), 1_680_745_813_045, { N: '1680745813045' }],
    [long('timestamp-nanos'), 1_680_745_813_045_678_901n, { N: '1680745813045678901' }],
    [{ type: 'int', logicalType: 'date' }, 19_453, { N: '19453' }],
    [{ type: 'string', logicalType: 'uuid' }, 'f0', { S: 'f0' }],
    [decimal(9, 2), Buffer.from([0x04, 0xd2]), { N: '12.34' }],
    [decimal(9, 2), Buffer.from([0xff]), { N: '-0.01' }],
    [decimal(9, 2), Buffer.from([0]), { N: '0' }],
    // Not a valid decimal, so only bytes.
    [decimal(2, 9), Buffer.from([1]), { B: Buffer.from([1]) }],
    [decimal(400_000_000, 10_000), Buffer.from([0]), { N: '0' }],
    // Too many digits to print.
    [decimal(400_000_000, 400_000_000), Buffer.from([0]), { B: Buffer.from([0]) }],
    [{ type: 'long', 'connect.name': 'io.debezium.time.MicroTimestamp' }, 5, { N: '5' }],
  ];
  for (const [type, value, attribute] of rows)
    assert.deepEqual(stored(record({ field: type }), { field: value }), { field: attribute });
});

const variableScale = {
  type: 'record',
  name: 'VariableScaleDecimal',
  namespace: 'io.debezium.data',
  fields: [
    { name: 'scale', type: 'int' },
    { name: 'value', type: 'bytes' },
  ],
};

test('S1-05 a VariableScaleDecimal is a number with every digit, also as the key of a union', () => {
  const rows: [number, string, string][] = [
    [2, '04ce', '12.30'],
    [2, 'ff', '-0.01'],
    [0, '00', '0'],
    [9, '00', '0'],
    // Scales that only the text with an exponent can have.
    [-3, '0c', '12e3'],
    [130, '01', '1e-130'],
    [2_147_483_647, '00', '0'],
  ];
  const schema = record({ field: ['null', variableScale] });
  for (const [scale, hex, number] of rows) {
    const field = { scale, value: Buffer.from(hex, 'hex') };
    const { field: { N = '' } = {} } = stored(schema, { field });
    assert.equal(Number(N), Number(number));
    if (scale !== 130) assert.equal(N, number);
  }
  assert.deepEqual(stored(schema, { field: null }), { field: { NULL: true } });
});

test('S1-05 a VariableScaleDecimal has the digits of its unscaled integer, whatever its scale', () => {
  const schema = record({ field: variableScale });
  fc.assert(
    fc.property(
      fc.bigInt({ min: -(10n ** 38n) + 1n, max: 10n ** 38n - 1n }),
      fc.integer({ min: -80, max: 90 }),
      (unscaled, scale) => {
        const size = 17;
        const hex = BigInt.asUintN(size * 8, unscaled)
          .toString(16)
          .padStart(size * 2, '0');
        const field = { scale, value: Buffer.from(hex, 'hex') };
        const { N = '' } = stored(schema, { field }).field as { N: string };
        const expected = canonicalNumber(decimalOf(`${unscaled}e${-scale}`));
        assert.equal(canonicalNumber(decimalOf(N)), expected);
      },
    ),
  );
});

test('S1-05 a VariableScaleDecimal beyond the numbers of DynamoDB is rejected without long work', () => {
  const schema = record({ field: variableScale });
  for (const scale of [2_147_483_647, -2_147_483_648])
    assert.throws(() => stored(schema, { field: { scale, value: Buffer.of(1) } }), MisfitError);
  for (const value of [Buffer.of(), Buffer.alloc(50_000, 1)])
    assert.throws(
      () => stored(schema, { field: { scale: 0, value } }),
      /expected the bytes of a decimal/,
    );
});

test('S1-05 a record that only has the name of VariableScaleDecimal is a map', () => {
  const fields = [{ name: 'scale', type: 'int' }];
  const schema = record({ field: { ...variableScale, fields } });
  const { field } = stored(schema, { field: { scale: 2 } });
  assert.deepEqual(JSON.parse(JSON.stringify(field)), { M: { scale: { N: '2' } } });
});

test('S1-05 maps, records and records in themselves are maps, and a union is the value of its branch', () => {
  const schema = record({
    child: ['null', 'Everything'],
    map: { type: 'map', values: ['null', 'string'] },
    tagged: ['null', 'int', { type: 'long', logicalType: 'timestamp-millis' }],
    named: [
      { type: 'record', name: 'A', namespace: 'Order V1', fields: [{ name: 'a', type: 'int' }] },
      { type: 'map', values: 'int' },
    ],
  });
  const leaf = { child: null, map: {}, tagged: null, named: { map: { b: 2 } } };
  const value = {
    child: leaf,
    map: { k: 'v', n: null },
    tagged: { long: 5 },
    named: { 'Order V1.A': { a: 1 } },
  };
  const stored_ = stored(schema, value);
  const plain = JSON.parse(JSON.stringify(stored_));
  assert.deepEqual(plain, {
    child: {
      M: {
        child: { NULL: true },
        map: { M: {} },
        tagged: { NULL: true },
        named: { M: { b: { N: '2' } } },
      },
    },
    map: { M: { k: { S: 'v' }, n: { NULL: true } } },
    tagged: { N: '5' },
    named: { M: { a: { N: '1' } } },
  });
});

test('S1-05 a map or a union at the root gives the attributes', () => {
  assert.deepEqual(stored({ type: 'map', values: 'int' }, { a: 1 }), { a: { N: '1' } });
  const union = ['null', record({ a: 'int' })];
  assert.deepEqual(stored(union, { a: 1 }), { a: { N: '1' } });
  assert.throws(() => stored(union, null), /expected an object, got null/);
  assert.throws(() => stored('long', 5), /expected an object, got a value of the kind number/);
});

test('S1-05 values without an Avro schema are stored by their kinds', () => {
  const value = {
    text: 'a',
    big: 2n ** 70n,
    real: 1.25,
    yes: true,
    none: null,
    bytes: Buffer.from([7]),
    list: [1, [2], { three: 3 }],
    object: { absent: undefined, present: 1 },
  };
  assert.deepEqual(JSON.parse(JSON.stringify(attributesOf(untypedMembers, value))), {
    text: { S: 'a' },
    big: { N: '1180591620717411303424' },
    real: { N: '1.25' },
    yes: { BOOL: true },
    none: { NULL: true },
    bytes: { B: { type: 'Buffer', data: [7] } },
    list: { L: [{ N: '1' }, { L: [{ N: '2' }] }, { M: { three: { N: '3' } } }] },
    object: { M: { present: { N: '1' } } },
  });
  for (const root of [null, 5, 'text', [1], Buffer.from([1])])
    assert.throws(() => untypedMembers(root), /expected an object/);
});

test('S1-05 a member named __proto__ is an attribute as any other', () => {
  const value = JSON.parse('{"inner":{"__proto__":1}}');
  const { inner } = attributesOf(untypedMembers, value);
  assert.deepEqual(Object.entries(inner?.M ?? {}), [['__proto__', { N: '1' }]]);
});

const schemaOfAll = record({
  flag: 'boolean',
  small: 'int',
  large: 'long',
  single: 'float',
  real: 'double',
  text: 'string',
  raw: 'bytes',
  price: decimal(38, 10),
  maybe: ['null', 'long'],
  either: ['null', 'int', 'long'],
  list: { type: 'array', items: 'double' },
  map: { type: 'map', values: 'bytes' },
});

/** A number that DynamoDB can hold. */
const storable = (value: number) =>
  value === 0 || (Math.abs(value) >= 1e-130 && Math.abs(value) < 1e126);
const real = fc.double({ noNaN: true, noDefaultInfinity: true }).filter(storable);
const long = fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n);
const unscaled = fc.bigInt(-(10n ** 38n) + 1n, 10n ** 38n - 1n);
const bytes = fc.uint8Array({ maxLength: 20 }).map((array) => Buffer.from(array));
const anyValue = fc.record({
  flag: fc.boolean(),
  small: fc.integer(),
  large: long,
  single: fc.float({ noNaN: true, noDefaultInfinity: true }),
  real,
  text: fc.string({ unit: 'binary' }),
  raw: bytes,
  price: unscaled,
  maybe: fc.option(long),
  either: fc.option(
    fc.oneof(
      fc.integer().map((int) => ({ int })),
      long.map((long) => ({ long })),
    ),
  ),
  list: fc.array(real, { maxLength: 4 }),
  map: fc.dictionary(fc.string({ unit: 'binary', minLength: 1 }), bytes, { maxKeys: 4 }),
});

/** Two's complement, written here again so that the test does not depend on the code. */
function bytesOfInteger(value: bigint): Buffer {
  const hex = BigInt.asUintN(160, value).toString(16).padStart(40, '0');
  return Buffer.from(hex, 'hex');
}

test('S1-05 every value is read back from its attributes without a loss', () => {
  fc.assert(
    fc.property(anyValue, (value) => {
      const item = stored(schemaOfAll, { ...value, price: bytesOfInteger(value.price) });
      assert.equal(item.flag?.BOOL, value.flag);
      assert.equal(BigInt(item.small?.N ?? ''), BigInt(value.small));
      assert.equal(BigInt(item.large?.N ?? ''), value.large);
      assert.equal(Math.fround(Number(item.single?.N)), value.single + 0);
      assert.equal(Number(item.real?.N), value.real + 0);
      assert.equal(item.text?.S, value.text);
      assert.deepEqual(Buffer.from(item.raw?.B ?? []), value.raw);
      assert.equal(scaled(item.price?.N ?? '', 10), value.price);
      assert.equal(item.maybe?.NULL ? null : BigInt(item.maybe?.N ?? ''), value.maybe);
      const [branch] = Object.values(value.either ?? {});
      assert.equal(item.either?.N, branch === undefined ? undefined : String(branch));
      assert.deepEqual(
        item.list?.L?.map(({ N }) => Number(N)),
        value.list.map((one) => one + 0),
      );
      assert.deepEqual(
        new Map(
          Object.entries(item.map?.M ?? {}).map(([key, { B }]) => [key, Buffer.from(B ?? [])]),
        ),
        new Map(Object.entries(value.map)),
      );
    }),
  );
});

/** A decimal times 10^scale. */
function scaled(text: string, scale: number): bigint {
  const [whole = '', fraction = ''] = text.split('.');
  const magnitude = BigInt(`${whole.replace('-', '')}${fraction.padEnd(scale, '0')}`);
  return text.startsWith('-') ? -magnitude : magnitude;
}
