import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { parseExactJson } from '@order-stream/local-stack/parse-exact-json';
import { startConnectLines } from './connect-lines.ts';
import { digits, startConnectorSinks } from './connector-sinks.ts';

// The rows of the table of Connect's and Debezium's types in docs/sinks.md.

let sinks: Awaited<ReturnType<typeof startConnectorSinks>>;
let connect: Awaited<ReturnType<typeof startConnectLines>>;
before(async () => {
  sinks = await startConnectorSinks();
  connect = await startConnectLines(sinks.endpoint);
});
after(async () => {
  await connect?.close();
  await sinks?.close();
});

interface TypeRow {
  type: string;
  /** As the request of RowEvents has it. */
  value: unknown;
  /** JSON texts. Default of `file`: as in stdout. */
  stdout: string;
  file?: string;
  item: AttributeValue;
}

const time = (name: string, value: bigint | number | string, stdout: string): TypeRow => ({
  type: `io.debezium.time.${name}`,
  value,
  stdout,
  file: typeof value === 'string' ? stdout : String(value),
  item: typeof value === 'string' ? { S: value } : { N: String(value) },
});
const text = (type: string, value: string): TypeRow => ({
  type,
  value,
  stdout: JSON.stringify(value),
  item: { S: value },
});
const same = (type: string, value: unknown, json: string, item: AttributeValue): TypeRow => ({
  type,
  value,
  stdout: json,
  item,
});
const ofConnect = (name: string, value: number, stdout: string, file: string): TypeRow => ({
  type: `org.apache.kafka.connect.data.${name}`,
  value,
  stdout,
  file,
  item: { N: file },
});
const longest = 2n ** 63n - 1n;
const shortest = -(2n ** 63n);

const types: readonly TypeRow[] = [
  time('Date', 19_453, '"2023-04-06"'),
  time('Date', -1, '"1969-12-31"'),
  time('Date', 2 ** 31 - 1, '2147483647'),
  time('Timestamp', 1_680_745_813_045, '"2023-04-06T01:50:13.045"'),
  time('Timestamp', -1, '"1969-12-31T23:59:59.999"'),
  time('Timestamp', longest, '9223372036854775807'),
  time('Timestamp', shortest, '-9223372036854775808'),
  time('MicroTimestamp', 1_680_745_813_045_678, '"2023-04-06T01:50:13.045678"'),
  // infinity of PostgreSQL
  time('MicroTimestamp', 9_223_371_331_200_000_000n, '9223371331200000000'),
  time('MicroTimestamp', 253_402_300_800_000_000n, '"+010000-01-01T00:00:00.000000"'),
  time('NanoTimestamp', 1_680_745_813_045_678_901n, '"2023-04-06T01:50:13.045678901"'),
  time('NanoTimestamp', longest, '"2262-04-11T23:47:16.854775807"'),
  time('ZonedTimestamp', '2023-04-06T01:50:13.045Z', '"2023-04-06T01:50:13.045Z"'),
  time('ZonedTime', '01:50:13.045Z', '"01:50:13.045Z"'),
  time('Time', 86_399_999, '86399999'),
  time('MicroTime', 86_399_999_999, '86399999999'),
  time('NanoTime', 86_399_999_999_999, '86399999999999'),
  time('Year', 2023, '2023'),
  time('Interval', 'P1Y2M3DT4H5M6.78S', '"P1Y2M3DT4H5M6.78S"'),
  time('MicroDuration', longest, '9223372036854775807'),
  time('NanoDuration', shortest, '-9223372036854775808'),
  time('IsoDate', '2023-04-06Z', '"2023-04-06Z"'),
  time('IsoTime', '01:50:13.045Z', '"01:50:13.045Z"'),
  time('IsoTimestamp', '2023-04-06T01:50:13.045Z', '"2023-04-06T01:50:13.045Z"'),
  ofConnect('Date', 19_453 * 86_400_000, '"2023-04-06"', '19453'),
  ofConnect('Time', 86_399_999, '86399999', '86399999'),
  ofConnect('Timestamp', 1_680_745_813_045, '"2023-04-06T01:50:13.045Z"', '1680745813045'),
  {
    type: 'org.apache.kafka.connect.data.Decimal',
    value: '-12345678901234567890123456.70',
    stdout: `"${unscaled(-1_234_567_890_123_456_789_012_345_670n)}"`,
    file: '-12345678901234567890123456.70',
    item: { N: '-12345678901234567890123456.70' },
  },
  ...['12.30', '-0.0000000001', '123456789012345678901234567890'].map((value): TypeRow => {
    const scale = value.split('.')[1]?.length ?? 0;
    const bytes = unscaled(BigInt(value.replace('.', '')));
    return {
      type: 'io.debezium.data.VariableScaleDecimal',
      value,
      stdout: `{"scale":${scale},"value":"${bytes}"}`,
      item: { N: value },
    };
  }),
  text('io.debezium.data.Json', '{"a": [9007199254740993]}'),
  text('io.debezium.data.Enum', 'paid'),
  text('io.debezium.data.EnumSet', 'a,b'),
  text('io.debezium.data.Uuid', '6a2f41a3-c54c-fce8-32d2-0324e1c32e22'),
  text('io.debezium.data.Xml', '<a b="c"/>'),
  text('io.debezium.data.Tsvector', "'a':1"),
  same('io.debezium.data.Bits', 'BQE=', '"BQE="', { B: Buffer.from([5, 1]) }),
  same(
    'io.debezium.data.geometry.Point',
    [1.5, -2.5],
    '{"x":1.5,"y":-2.5,"wkb":"AQEAAAAAAAAAAAD4PwAAAAAAAATA","srid":null}',
    {
      M: {
        x: { N: '1.5' },
        y: { N: '-2.5' },
        wkb: { B: Buffer.from('AQEAAAAAAAAAAAD4PwAAAAAAAATA', 'base64') },
        srid: { NULL: true },
      },
    },
  ),
  same('io.debezium.data.DoubleVector', [1.5, -0.1], '[1.5,-0.1]', {
    L: [{ N: '1.5' }, { N: '-0.1' }],
  }),
  same('text[]', ['a', null], '["a",null]', { L: [{ S: 'a' }, { NULL: true }] }),
  {
    type: 'timestamp[]',
    value: [1_680_745_813_045_678, null],
    stdout: '["2023-04-06T01:50:13.045678",null]',
    file: '[1680745813045678,null]',
    item: { L: [{ N: '1680745813045678' }, { NULL: true }] },
  },
  same('hstore', { k: 'v' }, '{"k":"v"}', { M: { k: { S: 'v' } } }),
  same('int16', -7, '-7', { N: '-7' }),
  same('int32', 7, '7', { N: '7' }),
  same('int64', longest, '9223372036854775807', { N: '9223372036854775807' }),
  same('float64', 0.1, '0.1', { N: '0.1' }),
  same('boolean', true, 'true', { BOOL: true }),
  same('bytes', '/wA=', '"/wA="', { B: Buffer.from([255, 0]) }),
  same('string', 'Žluťoučký', '"Žluťoučký"', { S: 'Žluťoučký' }),
];

/** Two's complement in as few bytes as Java's BigInteger, in base64. */
function unscaled(value: bigint): string {
  let size = 1;
  while (BigInt.asIntN(size * 8, value) !== value) size += 1;
  const hex = BigInt.asUintN(size * 8, value)
    .toString(16)
    .padStart(size * 2, '0');
  return Buffer.from(hex, 'hex').toString('base64');
}

/** Every type as a column that is not null, and as one that can be null, with a value and without. */
const columns = [
  { name: 'id', type: 'int32' },
  ...types.flatMap(({ type }, index) => [
    { name: `required${index}`, type },
    { name: `nullable${index}`, type, isNullable: true },
    { name: `nothing${index}`, type, isNullable: true },
  ]),
];
const row = Object.fromEntries([
  ['id', 1],
  ...types.flatMap(({ value }, index) => [
    [`required${index}`, value],
    [`nullable${index}`, value],
  ]),
]);
const expected = (of: (one: TypeRow) => unknown, nothing: unknown) =>
  Object.fromEntries(
    types.flatMap((one, index) => [
      [`required${index}`, of(one)],
      [`nullable${index}`, of(one)],
      [`nothing${index}`, nothing],
    ]),
  );
const parsed = (json: string) => JSON.parse(json, digits as never);

for (const converter of ['glue', 'confluent'] as const)
  test(`S2-03 S2-05 S4-01 Debezium’s types, Avro: each sink has them as docs/sinks.md says (${converter})`, async () => {
    const topic = `types-${converter}`;
    const events = { topic, converter, columns, key: ['id'], events: [{ op: 'c', after: row }] };
    const [stored] = await sinks.storedEvents({ ...events, isFlat: true });
    const line = stored?.line.value as Record<string, unknown>;
    for (const [name, printed] of Object.entries(expected(({ stdout }) => parsed(stdout), null)))
      assert.deepEqual(line[name], printed, name);
    const file = parsed(stored?.file ?? '');
    for (const [name, printed] of Object.entries(
      expected(({ stdout, file = stdout }) => parsed(file), null),
    ))
      assert.deepEqual(file[name], printed, name);
    for (const [name, attribute] of Object.entries(expected(({ item }) => item, { NULL: true })))
      assert.deepEqual(plain(stored?.item?.[name]), plain(attribute), name);
  });

/** Without prototypes, which maps of attributes do not have. */
const plain = (attribute: unknown) =>
  JSON.parse(
    JSON.stringify(attribute, (_, value) =>
      value?.type === 'Buffer' ? Buffer.from(value.data).toString('base64') : value,
    ),
  );

test('S2-05 S3-08 Debezium’s types, Avro: a JSON file has the line that Kafka Connect prints', async () => {
  const topic = 'types-lines';
  const vector = { name: 'vector', type: 'io.debezium.data.SparseDoubleVector' };
  const events = {
    topic,
    converter: 'glue' as const,
    isFlat: true,
    columns: [...columns, vector],
    key: ['id'],
    events: [{ op: 'c', after: { ...row, vector: '{1:0.5,3:-2.25}/5' } }],
  };
  const [record] = await sinks.recordsOf(events);
  const [stored] = await sinks.storedEvents(events);
  const [line] = await connect.linesOf(topic, 'glue', [record?.value as Buffer]);
  assert.equal(stored?.file, line);
  assert.match(line ?? '', /"vector":\{"dimensions":5,"vector":\[\[1,0.5\],\[3,-2.25\]\]\}/);
});

test('S2-05 S4-01 Debezium’s types, JSON: all sinks have what the JSON converter writes, integers exactly and decimals as doubles', async () => {
  const topic = 'types-json';
  const events = {
    topic,
    converter: 'json' as const,
    isFlat: true,
    columns,
    key: ['id'],
    events: [{ op: 'c', after: row }],
    decimalFormat: 'NUMERIC' as const,
  };
  const [record] = await sinks.recordsOf(events);
  const [stored] = await sinks.storedEvents(events);
  const written = parseExactJson(record?.value?.toString() ?? '') as Record<string, unknown>;
  assert.deepEqual(parseExactJson(stored?.file ?? ''), written);
  assert.deepEqual(stored?.line.value, parsed(stored?.file ?? ''));
  for (const [index, { type, item }] of types.entries()) {
    const name = `required${index}`;
    const N = stored?.item?.[name]?.N;
    if (type.endsWith('.Decimal')) assert.deepEqual(Number(N), written[name]);
    else if ('N' in item && !type.endsWith('Decimal')) assert.equal(N, item.N);
  }
});
