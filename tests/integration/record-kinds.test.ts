import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, type TestContext, test } from 'node:test';
import { deflateSync } from 'node:zlib';
import { referenceOrder } from '@order-stream/local-stack/reference-order';
import { peek, topicName } from '@order-stream/serde';
import { startRecordPath } from './record-path.ts';

// Each title begins with a row of docs/records.md.

const orderSchema = readFileSync(new URL('../../schemas/order.v1.avsc', import.meta.url), 'utf8');
const payment = {
  avro: '{"type":"record","name":"Payment","fields":[{"name":"id","type":"string"},{"name":"cents","type":"long"}]}',
  json: '{"type":"object","properties":{"id":{"type":"string"},"cents":{"type":"integer"}}}',
  proto:
    'syntax = "proto3"; message Other {} message Payment { string id = 1; int64 cents = 2; bytes seal = 3; }',
};
const paid = { id: 'p-1', cents: 2n ** 63n - 1n };
const confluentVersions = {
  1: { schema: payment.avro },
  2: { schema: payment.json, schemaType: 'JSON' },
  3: { schema: payment.proto, schemaType: 'PROTOBUF' },
};
const confluent = { SCHEMA_REGISTRY: 'confluent' };

let path: Awaited<ReturnType<typeof startRecordPath>>;
before(async () => {
  path = await startRecordPath(confluentVersions);
});
after(() => path.close());

const order = { ...referenceOrder, ordered_at: 1680745813045 };

test('S0-18 Glue, Avro: is read by its writer schema, with logical timestamps in ISO 8601', async () => {
  const bytes = await path.framed(order, { schema: orderSchema });
  assert.deepEqual(await path.printed(bytes), { ...order, ordered_at: '2023-04-06T01:50:13.045Z' });
});

test('Glue, zlib: is inflated', async () => {
  const long = { ...paid, id: 'p'.repeat(500) };
  const bytes = await path.framed(
    long,
    { schema: payment.avro },
    { topic: 'long', compression: 'zlib' },
  );
  assert.equal(bytes[1], 5);
  assert.deepEqual(await path.printed(bytes), long);
});

test('Glue, JSON Schema: is read with every digit', async () => {
  const bytes = await path.framed(paid, {
    schema: payment.json,
    dataFormat: 'JSON',
    schemaName: (topic) => `${topic}-json`,
  });
  assert.deepEqual(await path.printed(bytes), paid);
});

test('Glue, Protobuf: is read with every digit, bytes as base64', async () => {
  const bytes = await path.framed(
    { ...paid, seal: Buffer.from([0, 255]) },
    {
      schema: payment.proto,
      dataFormat: 'PROTOBUF',
      message: 'Payment',
      schemaName: (topic) => `${topic}-proto`,
    },
  );
  assert.deepEqual(await path.printed(bytes), { ...paid, seal: 'AP8=' });
});

test('Confluent, Avro: is read by the schema of its id', async () => {
  assert.deepEqual(await path.printed(await path.framedById(paid, 1), confluent), paid);
});

test('Confluent, JSON Schema: is read by the schema of its id', async () => {
  assert.deepEqual(await path.printed(await path.framedById(paid, 2), confluent), paid);
});

test('Confluent, Protobuf: is read by the message that the frame names', async () => {
  const bytes = await path.framedById({ ...paid, seal: Buffer.of() }, 3, 'Payment');
  assert.deepEqual(await path.printed(bytes, confluent), { ...paid, seal: '' });
});

test('both registries: the first byte decides, whichever is the first registry', async () => {
  const records = [
    { value: await path.framed(paid, { schema: payment.avro }, { topic: 'payments' }) },
    { value: await path.framedById(paid, 1) },
  ];
  for (const [SCHEMA_REGISTRY, SECONDARY_SCHEMA_REGISTRY] of [
    ['glue', 'confluent'],
    ['confluent', 'glue'],
  ] as const) {
    const env = { SCHEMA_REGISTRY, SECONDARY_SCHEMA_REGISTRY };
    const expected = { key: null, value: paid, headers: {} };
    assert.deepEqual(await path.outcomes(records, env), [expected, expected]);
  }
});

const generated = JSON.stringify({
  type: 'record',
  name: 'Gen0',
  namespace: 'com.amazonaws.mskdatagen',
  fields: ['quantity', 'product_id', 'customer_id'].map((name) => ({
    name,
    type: ['null', 'string'],
    default: null,
  })),
});

test('S3-05 another type: a record that is not an order is read by its own schema, beside orders', async () => {
  const row = { quantity: '4', product_id: null, customer_id: 'c-1' };
  const outcomes = await path.outcomes([
    {
      key: Buffer.from('o-1'),
      value: await path.framed(
        row,
        { schema: generated, schemaName: topicName },
        { topic: 'order' },
      ),
    },
    { value: await path.framed(order, { schema: orderSchema }) },
  ]);
  assert.deepEqual(outcomes, [
    { key: 'o-1', value: row, headers: {} },
    { key: null, value: { ...order, ordered_at: '2023-04-06T01:50:13.045Z' }, headers: {} },
  ]);
});

test('S4-08 names with dots: topic and schema share a name, in any registry', async () => {
  const topic = 'fullfillment.test_db.person';
  const bytes = await path.framed(
    paid,
    { schema: payment.avro, schemaName: topicName, registryName: 'legopoc' },
    { topic },
  );
  const env = { REGISTRY_NAME: 'legopoc', TOPIC_NAMES: topic };
  assert.deepEqual(await path.printed(bytes, env, topic), paid);
});

test('Avro, no record: a value of any type is read', async () => {
  const bytes = await path.framed(2n ** 60n, { schema: '"long"' }, { topic: 'numbers' });
  assert.equal(await path.printed(bytes), 2n ** 60n);
});

test('plain JSON, no registry: is read with every digit', async () => {
  const bytes = Buffer.from('{"id":"p-1","cents":9223372036854775807}');
  assert.deepEqual(await path.printed(bytes, { SCHEMA_REGISTRY: 'none' }), paid);
});

test('plain JSON beside a registry: is a dead letter, or is read with UNFRAMED_VALUES=json', async () => {
  const bytes = Buffer.from('{"id":"p-1","cents":9223372036854775807}');
  const both = { SECONDARY_SCHEMA_REGISTRY: 'confluent' };
  for (const env of [{}, confluent, both]) {
    assert.equal(await path.refusal(bytes, env), 'undecodable NotAFrameError');
    assert.deepEqual(await path.printed(bytes, { ...env, UNFRAMED_VALUES: 'json' }), paid);
  }
});

test('S4-01 Connect JSON with schemas: the payload is the value', async () => {
  const row = { type: 'struct', optional: false, fields: [{ type: 'int64', field: 'id' }] };
  const text = `{"schema":${JSON.stringify(row)},"payload":{"id":9223372036854775807}}`;
  const printed = { id: 2n ** 63n - 1n };
  const none = { SCHEMA_REGISTRY: 'none' };
  for (const env of [none, { UNFRAMED_VALUES: 'json' }])
    assert.deepEqual(await path.printed(Buffer.from(text), env), printed);
  const other = { schema: 'orders', payload: 'x' };
  assert.deepEqual(await path.printed(Buffer.from(JSON.stringify(other)), none), other);
});

test('JSON number beyond a double: is a dead letter, because its digits would be lost', async () => {
  const env = { SCHEMA_REGISTRY: 'none' };
  assert.equal(await path.refusal(Buffer.from('[1e400]'), env), 'undecodable NotAFrameError');
});

test('other bytes: text, other serializers and empty values are dead letters', async () => {
  for (const env of [{}, { SCHEMA_REGISTRY: 'none' }, { UNFRAMED_VALUES: 'json' }])
    for (const bytes of [Buffer.from('hello'), Buffer.from([0xac, 0xed, 0, 5]), Buffer.alloc(0)])
      assert.equal(await path.refusal(bytes, env), 'undecodable NotAFrameError');
});

test('frame of no configured registry: is a dead letter, and no registry is asked', async () => {
  const glue = await path.framed(paid, { schema: payment.avro }, { topic: 'payments' });
  const refused = 'undecodable NotAFrameError';
  assert.equal(await path.refusal(await path.framedById(paid, 1)), refused);
  assert.equal(await path.refusal(glue, confluent), refused);
  assert.equal(await path.refusal(glue, { SCHEMA_REGISTRY: 'none' }), refused);
});

test('unknown schema version: is a dead letter that names the version', async () => {
  const bytes = await path.framed(paid, { schema: payment.avro }, { topic: 'payments' });
  bytes.fill(0xee, 2, 18);
  const [outcome] = await path.outcomes([{ value: bytes }]);
  assert.deepEqual(outcome, {
    refused: 'undecodable',
    error: 'UnknownSchemaError',
    schemaVersionId: 'eeeeeeee-eeee-eeee-eeee-eeeeeeeeeeee',
  });
  assert.equal(
    await path.refusal(Buffer.from('00000000ff00', 'hex'), confluent),
    'undecodable UnknownSchemaError',
  );
});

test('damaged frame: cut, altered, over-long and hostile frames are dead letters', async () => {
  const bytes = await path.framed(paid, { schema: payment.avro }, { topic: 'payments' });
  const bomb = deflateSync(Buffer.alloc(64 * 1024 * 1024), { level: 9 });
  const inflated = Buffer.concat([bytes.subarray(0, 18), bomb]);
  inflated[1] = 5;
  for (const damaged of [
    bytes.subarray(0, 17),
    bytes.subarray(0, -1),
    Buffer.concat([bytes, Buffer.of(0)]),
    Buffer.concat([bytes.subarray(0, 1), Buffer.of(7), bytes.subarray(2)]),
    inflated,
  ])
    assert.equal(await path.refusal(damaged), 'undecodable DamagedFrameError');
});

test('invalid schema: a version that cannot be compiled makes dead letters', async () => {
  const broken = await startRecordPath({ 1: { schema: '{"type":"record"}' } });
  try {
    const bytes = Buffer.from('000000000100', 'hex');
    assert.equal(await broken.refusal(bytes, confluent), 'undecodable InvalidSchemaError');
  } finally {
    await broken.close();
  }
});

test('registry down: the record waits, and nothing is a dead letter', async () => {
  const away = await startRecordPath();
  try {
    const known = await away.framed(paid, { schema: payment.avro });
    await away.stopGlue();
    await assert.rejects(away.outcomes([{ value: Buffer.from('hello') }, { value: known }]), {
      code: 'registry-unavailable',
    });
  } finally {
    Object.assign(process.env, { AWS_ENDPOINT_URL_GLUE: path.glueEndpoint });
    await away.close();
  }
});

test('tombstone, ignored: is passed by', async () => {
  assert.deepEqual(await path.outcomes([{ key: Buffer.from('gone') }]), []);
});

test('S2-05 tombstone, delete: is delivered as a deletion, a line with the value null', async () => {
  const record = { key: Buffer.from('gone') };
  assert.deepEqual(await path.outcomes([record], { TOMBSTONES: 'delete' }), [
    { key: 'gone', value: null, headers: {} },
  ]);
});

test('tombstone, dlq: is a dead letter', async () => {
  assert.deepEqual(await path.outcomes([{ key: Buffer.from('gone') }], { TOMBSTONES: 'dlq' }), [
    { refused: 'rejected', error: 'TombstoneRefusedError' },
  ]);
});

test('S0-18 keys: text is printed as text, frames as their values, other bytes as base64, and no key as null', async () => {
  const value = await path.framed(paid, { schema: payment.avro }, { topic: 'payments' });
  const unknown = Buffer.from(value).fill(0xee, 2, 18);
  const cut = value.subarray(0, -1);
  const texts = [Buffer.from('{"order_id": "1"}'), Buffer.from('klíč'), Buffer.of(), null];
  const frames = [
    await path.framed('k', { schema: '"string"', part: 'key' }),
    await path.framedById(paid, 1),
  ];
  const outcomes = await path.outcomes(
    [...texts, ...frames, unknown, cut].map((key) => ({ key, value })),
    { SECONDARY_SCHEMA_REGISTRY: 'confluent' },
  );
  assert.deepEqual(
    outcomes.map((outcome) => 'key' in outcome && outcome.key),
    [
      ...['{"order_id": "1"}', 'klíč', '', null, 'k', paid],
      { base64: unknown.toString('base64') },
      { base64: cut.toString('base64') },
    ],
  );
});

test('headers: text, other bytes, repeated headers and headers without a value', async () => {
  const value = await path.framed(paid, { schema: payment.avro }, { topic: 'payments' });
  const headers = {
    traceparent: Buffer.from('00-é'),
    raw: Buffer.of(255),
    twice: [Buffer.from('a'), Buffer.from('b')],
    // The types of kafkajs do not know it.
    empty: null as unknown as undefined,
  };
  const [outcome] = await path.outcomes([{ value, headers }]);
  assert.deepEqual(outcome && 'headers' in outcome && outcome.headers, {
    traceparent: '00-é',
    raw: { base64: '/w==' },
    twice: ['a', 'b'],
    empty: null,
  });
});

const newer =
  '{"type":"record","name":"Payment","fields":[{"name":"cents","type":"long"},{"name":"currency","type":"string","default":"EUR"}]}';

test('older than READER_SCHEMA: gets the defaults of new fields and loses dropped ones, by the latest version or a file', async (context) => {
  const at = { topic: 'evolving' };
  const records = [
    { value: await path.framed(paid, { schema: payment.avro }, at) },
    { value: await path.framed({ cents: 1, currency: 'CZK' }, { schema: newer }, at) },
  ];
  const values = async (env: Record<string, string>) =>
    (await path.outcomes(records, env, at.topic)).map((one) => 'value' in one && one.value);
  assert.deepEqual(await values({}), [paid, { cents: 1, currency: 'CZK' }]);
  const READER_SCHEMA = fileOf(context, newer);
  for (const env of [{ READER_SCHEMA: 'latest' }, { READER_SCHEMA }])
    assert.deepEqual(await values(env), [
      { cents: paid.cents, currency: 'EUR' },
      { cents: 1, currency: 'CZK' },
    ]);
});

test('unlike READER_SCHEMA: a record that cannot be resolved, or is of another type, is a dead letter that names its version', async (context) => {
  const required = newer.replace(',"default":"EUR"', '');
  const bytes = await path.framed(paid, { schema: payment.avro }, { topic: 'payments' });
  for (const [definition, error] of [
    [required, 'ReaderSchemaMismatchError'],
    [newer.replace('Payment', 'Refund'), 'ReaderSchemaMismatchError'],
  ] as const) {
    const env = { READER_SCHEMA: fileOf(context, definition) };
    const [outcome] = await path.outcomes([{ value: bytes }], env);
    assert.ok(outcome && 'refused' in outcome);
    assert.deepEqual([outcome.refused, outcome.error], ['undecodable', error]);
    const header = peek(bytes);
    assert.equal(outcome.schemaVersionId, header.frame === 'glue' && header.schemaVersionId);
  }
});

test('READER_SCHEMA, other formats: JSON Schema, Protobuf and plain JSON are read as written', async (context) => {
  const READER_SCHEMA = fileOf(context, newer);
  const json = { schema: payment.json, dataFormat: 'JSON' as const };
  const proto = { schema: payment.proto, dataFormat: 'PROTOBUF' as const, message: 'Payment' };
  const values = [
    await path.framed(paid, json, { topic: 'json' }),
    await path.framed({ ...paid, seal: Buffer.of() }, proto, { topic: 'proto' }),
    Buffer.from('{"id":"p-1"}'),
  ];
  for (const choice of [READER_SCHEMA, 'latest']) {
    const env = { UNFRAMED_VALUES: 'json', READER_SCHEMA: choice };
    const outcomes = await path.outcomes(
      values.map((value) => ({ value })),
      env,
    );
    assert.deepEqual(
      outcomes.map((one) => 'value' in one && one.value),
      [paid, { ...paid, seal: '' }, { id: 'p-1' }],
    );
  }
});

function fileOf(context: TestContext, definition: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'reader-schema-'));
  context.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'reader.avsc');
  writeFileSync(file, definition);
  return file;
}
