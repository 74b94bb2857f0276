import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  compileAvro,
  decimalText,
  type LogicalTypes,
  parseAvro,
  type Representation,
  SchemaMismatchError,
} from '../index.ts';

function codecOf(schema: unknown, representation: Representation = {}) {
  const codec = compileAvro(JSON.stringify(schema), representation);
  const target = Buffer.alloc(1024 * 1024);
  return {
    encode: (value: unknown) => Buffer.from(target.subarray(0, codec.encode(value, target, 0))),
    decode: (bytes: Buffer) => codec.decode(bytes, 0),
  };
}

const date = { type: 'int', logicalType: 'date' };
const timeMillis = { type: 'int', logicalType: 'time-millis' };
const long = (logicalType: string) => ({ type: 'long', logicalType });
const decimal = (precision: number, scale: number) => ({
  type: 'bytes',
  logicalType: 'decimal',
  precision,
  scale,
});
const fixed = (size: number, logicalType: string, more: object = {}) => ({
  type: 'fixed',
  name: 'F',
  size,
  logicalType,
  ...more,
});

/** Each: schema, options, the underlying value, the value of the logical type. */
const cases: [unknown, LogicalTypes, unknown, unknown][] = [
  [date, { date: 'string' }, 20778, '2026-11-21'],
  [date, { date: 'string' }, -719529, '-000001-12-31'],
  [date, { date: 'Date' }, -1, new Date('1969-12-31')],
  [timeMillis, { time: 'string' }, 86_399_999, '23:59:59.999'],
  [long('time-micros'), { time: 'string' }, 1, '00:00:00.000001'],
  [long('timestamp-millis'), { timestamp: 'Date' }, -1, new Date(-1)],
  [long('timestamp-millis'), { timestamp: 'bigint' }, 5, 5n],
  [long('timestamp-millis'), { timestamp: 'string' }, -1, '1969-12-31T23:59:59.999Z'],
  [long('timestamp-micros'), { timestamp: 'string' }, -1, '1969-12-31T23:59:59.999999Z'],
  [long('timestamp-micros'), { timestamp: 'Date' }, 1_000, new Date(1)],
  [
    long('timestamp-nanos'),
    { timestamp: 'string' },
    1_700_000_000_123_456_789n,
    '2023-11-14T22:13:20.123456789Z',
  ],
  [
    long('timestamp-nanos'),
    { timestamp: 'string' },
    -(2n ** 63n),
    '1677-09-21T00:12:43.145224192Z',
  ],
  [
    long('local-timestamp-micros'),
    { localTimestamp: 'string' },
    1_700_000_000_123_456,
    '2023-11-14T22:13:20.123456',
  ],
  [long('local-timestamp-millis'), { localTimestamp: 'bigint' }, 7, 7n],
  [decimal(5, 2), { decimal: 'string' }, Buffer.from([0xfb, 0x32]), '-12.30'],
  [decimal(5, 2), { decimal: 'string' }, Buffer.from([5]), '0.05'],
  [decimal(40, 0), { decimal: 'string' }, Buffer.from([0, 0x80]), '128'],
  [decimal(5, 2), { decimal: 'bigint' }, Buffer.from([0x80]), -128n],
  [
    fixed(4, 'decimal', { precision: 9, scale: 3 }),
    { decimal: 'string' },
    Buffer.from('ffffffff', 'hex'),
    '-0.001',
  ],
  [
    fixed(16, 'uuid'),
    { uuid: 'string' },
    Buffer.from('53263c4281b34a538067fcdb44fa5479', 'hex'),
    '53263c42-81b3-4a53-8067-fcdb44fa5479',
  ],
  [
    fixed(12, 'duration'),
    { duration: 'object' },
    Buffer.from('010000000200000003000000', 'hex'),
    { months: 1, days: 2, milliseconds: 3 },
  ],
];

for (const [schema, logicalTypes, underlying, value] of cases) {
  const [[name, chosen]] = Object.entries(logicalTypes) as [[string, string]];
  const label = `${JSON.stringify(schema)} as ${chosen}`;
  test(`${name}: ${label} represents the underlying value, both ways, alone and inside other types`, () => {
    const plain = codecOf(schema);
    const bytes = plain.encode(underlying);
    const codec = codecOf(schema, { logicalTypes });
    assert.deepEqual(codec.decode(bytes), value);
    assert.deepEqual(codec.encode(value), bytes);
    assert.deepEqual(plain.decode(bytes), underlying);

    const list = codecOf({ type: 'array', items: ['null', schema] }, { logicalTypes });
    assert.deepEqual(list.decode(list.encode([null, value])), [null, value]);
  });
}

test('a value that does not fit is rejected with its pointer', () => {
  const refused: [unknown, LogicalTypes, unknown[]][] = [
    [date, { date: 'string' }, ['2026-02-29', '2026-2-1', '2026-11-21T00:00:00Z', 20778, null]],
    [date, { date: 'Date' }, [new Date(1), new Date(Number.NaN), 5]],
    [timeMillis, { time: 'string' }, ['24:00:00', '23:59:59.9999', 1]],
    [
      long('timestamp-millis'),
      { timestamp: 'string' },
      ['2026-11-21T03:45:43', '2026-11-21', '2026-11-21T03:45:43.1234Z', 'now'],
    ],
    [long('timestamp-millis'), { timestamp: 'bigint' }, [5, 2n ** 63n]],
    [long('timestamp-nanos'), { timestamp: 'Date' }, [new Date(8.64e15)]],
    [long('local-timestamp-millis'), { localTimestamp: 'string' }, ['2026-11-21T03:45:43Z']],
    [
      decimal(5, 2),
      { decimal: 'string' },
      ['1000.00', '0.001', '1e2', '', '.5', 1, '9'.repeat(1_000_000)],
    ],
    [decimal(5, 2), { decimal: 'bigint' }, [100_000n, 5]],
    [fixed(16, 'uuid'), { uuid: 'string' }, ['53263c42', Buffer.alloc(16)]],
    [fixed(12, 'duration'), { duration: 'object' }, [{ months: -1, days: 0, milliseconds: 0 }, {}]],
  ];
  for (const [schema, logicalTypes, values] of refused) {
    const record = { type: 'record', name: 'R', fields: [{ name: 'x', type: schema }] };
    const codec = codecOf(record, { logicalTypes });
    for (const x of values) {
      const { logicalType } = schema as { logicalType: string };
      const refusal = {
        name: 'SchemaMismatchError',
        pointer: '/x',
        message: new RegExp(`${logicalType}|long`),
      };
      assert.throws(() => codec.encode({ x }), refusal, `${JSON.stringify(schema)} ${String(x)}`);
    }
  }
});

test('a decimal has all digits of its precision, however many, and leading zeros do not count', () => {
  const exact = '9'.repeat(20_000);
  const codec = codecOf(decimal(20_000, 0), { logicalTypes: { decimal: 'string' } });
  assert.equal(codec.decode(codec.encode(exact)), exact);
  const short = codecOf(decimal(5, 2), { logicalTypes: { decimal: 'string' } });
  assert.equal(short.decode(short.encode('000000999.990')), '999.99');
  assert.equal(short.decode(short.encode('-0')), '0.00');
});

test('any offset is written as the same instant, and short fractions are padded', () => {
  const micros = codecOf(long('timestamp-micros'), { logicalTypes: { timestamp: 'string' } });
  const expected = micros.encode('2026-11-21T03:45:43.1Z');
  assert.deepEqual(micros.encode('2026-11-21T04:45:43.1000000+01:00'), expected);
  assert.deepEqual(micros.encode('2026-11-20T22:15:43.100-05:30'), expected);
  assert.equal(micros.decode(expected), '2026-11-21T03:45:43.100000Z');
});

test('an underlying value without a logical value is damage', () => {
  const none: [unknown, LogicalTypes, unknown][] = [
    [date, { date: 'Date' }, 2 ** 31 - 1],
    [timeMillis, { time: 'string' }, -1],
    [timeMillis, { time: 'string' }, 86_400_000],
    [long('timestamp-millis'), { timestamp: 'string' }, 2n ** 62n],
    [decimal(5, 2), { decimal: 'string' }, Buffer.alloc(0)],
    [decimal(5, 2), { decimal: 'string' }, Buffer.alloc(1_000_000, 0x5a)],
  ];
  for (const [schema, logicalTypes, underlying] of none) {
    const bytes = codecOf(schema).encode(underlying);
    assert.throws(() => codecOf(schema, { logicalTypes }).decode(bytes), { damage: 'bad-body' });
  }
});

const everyChoice: LogicalTypes = {
  date: 'string',
  time: 'string',
  timestamp: 'string',
  localTimestamp: 'string',
  decimal: 'string',
  uuid: 'string',
  duration: 'object',
};

test('a logical type that the specification does not allow there is ignored', () => {
  const ignored: [unknown, unknown][] = [
    [{ type: 'string', logicalType: 'date' }, 'x'],
    [{ type: 'int', logicalType: 'timestamp-millis' }, 5],
    [{ type: 'long', logicalType: 'known-to-nobody' }, 5],
    [{ type: 'long', logicalType: 7 }, 5],
    [decimal(0, 0), Buffer.from('a')],
    [decimal(2, 3), Buffer.from('a')],
    [decimal(2, -1), Buffer.from('a')],
    [decimal(10_001, 10_001), Buffer.from('a')],
    [{ type: 'bytes', logicalType: 'decimal' }, Buffer.from('a')],
    [fixed(1, 'decimal', { precision: 3 }), Buffer.from('a')],
    [fixed(15, 'uuid'), Buffer.alloc(15)],
    [fixed(11, 'duration'), Buffer.alloc(11)],
    [{ type: 'string', logicalType: 'uuid' }, 'any text'],
  ];
  for (const [schema, value] of ignored) {
    const codec = codecOf(schema, { logicalTypes: everyChoice });
    assert.deepEqual(codec.decode(codec.encode(value)), value, JSON.stringify(schema));
  }
});

test('every timestamp and decimal keeps all its digits as text', () => {
  const instants = fc.bigInt(-62_135_596_800_000_000n, 253_402_300_799_999_999n);
  const micros = codecOf(long('timestamp-micros'), { logicalTypes: everyChoice });
  const plainMicros = codecOf(long('timestamp-micros'));
  const amounts = fc.bigInt(-(10n ** 30n) + 1n, 10n ** 30n - 1n);
  const money = codecOf(decimal(30, 7), { logicalTypes: everyChoice });
  const unscaled = codecOf(decimal(30, 7), { logicalTypes: { decimal: 'bigint' } });
  fc.assert(
    fc.property(instants, amounts, (instant, amount) => {
      const bytes = plainMicros.encode(instant);
      assert.deepEqual(micros.encode(micros.decode(bytes)), bytes);
      const stored = unscaled.encode(amount);
      assert.equal(unscaled.decode(stored), amount);
      assert.deepEqual(money.encode(money.decode(stored)), stored);
    }),
    { numRuns: 2000 },
  );
});

test('the logical type also applies to defaults, references and reader schemas', () => {
  const duration = fixed(12, 'duration');
  const fields = [
    { name: 'a', type: duration },
    { name: 'b', type: 'F' },
    { name: 'on', type: date, default: 0 },
    { name: 'days', type: { type: 'array', items: date }, default: [1] },
  ];
  const schema = { type: 'record', name: 'R', fields };
  const one = { months: 1, days: 1, milliseconds: 1 };
  const codec = codecOf(schema, { logicalTypes: everyChoice });
  const full = { a: one, b: one, on: '1970-01-01', days: ['1970-01-02'] };
  assert.deepEqual(codec.decode(codec.encode({ a: one, b: one })), full);

  const older = { ...schema, fields: [{ name: 'on', type: 'int' }] };
  const newer = { ...schema, fields: fields.slice(2) };
  const evolving = compileAvro(JSON.stringify(older), {
    logicalTypes: everyChoice,
    readerDefinition: JSON.stringify(newer),
  });
  assert.deepEqual(evolving.decode(Buffer.from([2]), 0), {
    on: '1970-01-02',
    days: ['1970-01-02'],
  });
});

test('a union is tagged if the logical values of its branches cannot be distinguished', () => {
  const union = ['null', 'string', date];
  const asText = codecOf(union, { logicalTypes: { date: 'string' } });
  for (const value of [{ string: '1970-01-01' }, { int: '1970-01-01' }, null]) {
    assert.deepEqual(asText.decode(asText.encode(value)), value);
  }
  const asDate = codecOf(['int', long('timestamp-millis')], {
    logicalTypes: { timestamp: 'Date' },
  });
  for (const value of [5, new Date(5)]) {
    assert.deepEqual(asDate.decode(asDate.encode(value)), value);
  }
});

test("unions can be tagged always, as in Avro's JSON encoding", () => {
  const schema = {
    type: 'record',
    name: 'n.R',
    fields: [
      { name: 'a', type: ['null', 'string'] },
      { name: 'next', type: ['null', 'R'], default: null },
    ],
  };
  const codec = codecOf(schema, { unions: 'tagged' });
  const value = { a: { string: 'x' }, next: { 'n.R': { a: null, next: null } } };
  assert.deepEqual(codec.decode(codec.encode(value)), value);
  assert.deepEqual(codec.encode(value), codecOf(schema).encode({ a: 'x', next: { a: null } }));
  assert.throws(() => codec.encode({ a: 'x' }), SchemaMismatchError);
});

test('names of fields, symbols and types can have letters of any script, as in Java', () => {
  const symbol = { type: 'enum', name: 'Größe', symbols: ['klein', 'groß', 'not-a-name', '大'] };
  const schema = {
    type: 'record',
    name: 'Maß V1.Bestellung',
    fields: [
      { name: 'größe', type: symbol, default: 'groß' },
      { name: 'it\'s "x"', type: ['int', 'Größe', 'string'] },
    ],
  };
  const codec = codecOf(schema);
  for (const value of [
    { größe: 'klein', 'it\'s "x"': { int: 5 } },
    { größe: '大', 'it\'s "x"': { 'Maß V1.Größe': 'not-a-name' } },
  ]) {
    assert.deepEqual(codec.decode(codec.encode(value)), value);
  }
  assert.deepEqual(codec.decode(codec.encode({ 'it\'s "x"': { string: '' } })), {
    größe: 'groß',
    'it\'s "x"': { string: '' },
  });
  assert.throws(() => codec.encode({ größe: 'x' }), {
    pointer: '/größe',
    expected: 'Maß V1.Größe',
  });
});

test('the digits of a decimal are printed without decoding its record', () => {
  const textOf = (schema: unknown) => {
    const parsed = parseAvro(JSON.stringify(schema));
    assert.notEqual(parsed.type, 'union');
    return decimalText(parsed as Exclude<typeof parsed, { type: 'union' }>);
  };
  const print = textOf(decimal(5, 2));
  assert.equal(print?.(Buffer.from([0xfb, 0x32])), '-12.30');
  assert.throws(() => print?.(Buffer.alloc(0)), { code: 'damaged-frame' });
  // Not decimals: no logical type, another type, an invalid scale.
  assert.equal(textOf('bytes'), undefined);
  assert.equal(textOf({ type: 'int', logicalType: 'decimal', precision: 4 }), undefined);
  assert.equal(textOf(decimal(2, 5)), undefined);
  // A valid decimal, but one byte would become more than 10 000 digits.
  assert.equal(textOf(decimal(10_000, 10_000))?.(Buffer.from([1])).length, 10_002);
  for (const scale of [10_001, 400_000_000])
    assert.equal(textOf(decimal(400_000_000, scale)), undefined);
});
