import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { parseExactJson } from '@order-stream/local-stack/parse-exact-json';
import { createDeserializer, createSerializer, peek, printExactJson } from '@order-stream/serde';
import { createConfluentRegistry } from '@order-stream/serde/confluent';
import type { ForeignProcess } from '../conformance/foreign-process.ts';
import { type Apicurio, startApicurio } from './apicurio.ts';
import { startAvroConverter } from './avro-converter.ts';

let apicurio: Apicurio;
let converter: ForeignProcess;
before(async () => {
  apicurio = await startApicurio();
  converter = await startAvroConverter(apicurio.url);
});
after(async () => {
  await converter?.close();
  await apicurio?.stop();
});

const registryOf = (autoRegistration = false) =>
  createConfluentRegistry({ url: `${apicurio.url}/apis/ccompat/v7`, autoRegistration });

/** A row of Debezium, flattened by ExtractNewRecordState, with the added fields. */
const fields = [
  { field: 'id', type: 'int32', optional: false },
  { field: 'big', type: 'int64', optional: false },
  { field: 'name', type: 'string', optional: true },
  {
    field: 'updated_at',
    type: 'int64',
    optional: true,
    name: 'io.debezium.time.MicroTimestamp',
    version: 1,
  },
  { field: '__op', type: 'string', optional: true },
  { field: '__db', type: 'string', optional: true },
  { field: '__table', type: 'string', optional: true },
  { field: '__source_ts_ms', type: 'int64', optional: true },
  { field: '__deleted', type: 'string', optional: true },
];
const row = {
  id: 1,
  big: 2n ** 63n - 1n,
  name: 'Žluťoučký',
  updated_at: 1680745813045123,
  __op: 'u',
  __db: 'devdb',
  __table: 'cdc_events',
  __source_ts_ms: 1680745813045,
  __deleted: 'false',
};

test("S2-03 this project reads records of Apicurio's Avro converter with 4-byte ids and Debezium's fields", async () => {
  const topic = `ord.ods.cdc_events-${randomUUID()}`;
  const name = `${topic}.Value`;
  const schema = { type: 'struct', name, optional: false, fields };
  for (const payload of [row, { ...row, name: null, updated_at: null, __deleted: 'true' }]) {
    const json = printExactJson({ schema, payload });
    const { bytes } = await converter.call<{ bytes: string }>({ topic, json });
    const frame = Buffer.from(bytes, 'base64');
    assert.equal(peek(frame).frame, 'confluent');
    const deserializer = createDeserializer({ registry: registryOf() });
    const { value, schema: writer } = await deserializer.deserialize(frame);
    assert.deepEqual({ ...(value as object) }, payload);
    assert.equal(writer.dataFormat, 'AVRO');
  }
});

test("S2-03 Apicurio's Avro converter reads records of this project", async () => {
  const topic = `orders-${randomUUID()}`;
  const definition = JSON.stringify({
    type: 'record',
    name: 'Order',
    namespace: 'order.v1',
    fields: [
      { name: 'order_id', type: 'string' },
      { name: 'ordered_at', type: { type: 'long', logicalType: 'timestamp-millis' } },
      { name: 'big', type: 'long' },
      { name: 'note', type: ['null', 'string'], default: null },
    ],
  });
  const value = { order_id: 'a', ordered_at: 1680745813045, big: 2n ** 63n - 1n, note: null };
  const serializer = createSerializer({ registry: registryOf(true) });
  const frame = await serializer.serialize(topic, value, { schema: definition });
  const { json } = await converter.call<{ json: string }>({
    topic,
    bytes: frame.toString('base64'),
  });
  const { payload } = parseExactJson(json) as { payload: unknown };
  assert.deepEqual(payload, value);
});
