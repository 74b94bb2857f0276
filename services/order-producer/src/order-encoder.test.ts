import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import type { RegisteredSchema, Serializer } from '@order-stream/serde';
import { createOrderEncoder } from './order-encoder.ts';
import { toOrderEvent } from './order-event.ts';

const event = toOrderEvent({ user_id: 'u', order_items: [] }, 0, randomUUID);
const definition = '"string"';

const frame = Buffer.from('{}');

/** An encoder whose serializer uses the given schemas, one for each order. */
function encoderOf(schemas: readonly Partial<RegisteredSchema>[]) {
  const left = schemas.map((ids): RegisteredSchema => ({ dataFormat: 'AVRO', definition, ...ids }));
  const serializer: Serializer = {
    prepare: async () => left[0] as RegisteredSchema,
    schemaSync: () => left[0],
    serialize: async () => frame,
    serializeSync: () => left.shift() && frame,
  };
  const contentType = 'application/avro';
  return createOrderEncoder({ serializer, topic: 'orders', schema: definition, contentType });
}

function idsOf(schemas: readonly Partial<RegisteredSchema>[]) {
  const encoder = encoderOf(schemas);
  return schemas.map(() => encoder.encode(event, 6, 0).schemaVersionId);
}

test('an order has the schema version with which it was written, also after the registry changed the version', () => {
  const [first, second] = [randomUUID(), randomUUID()];
  const ids = [first, first, second, second];
  assert.deepEqual(idsOf(ids.map((schemaVersionId) => ({ schemaVersionId }))), ids);
});

test('the schema version is an integer with a Confluent-compatible registry and null without a registry', () => {
  assert.deepEqual(idsOf([{ schemaId: 256 }, { schemaId: 7 }]), [256, 7]);
  assert.deepEqual(idsOf([{}]), [null]);
});

test('an order is not encoded before the schema is known', () => {
  assert.throws(() => encoderOf([]).encode(event, 6, 0), /encode before prepare/);
});

test('the trace context is added to the headers of the record', async () => {
  const encoder = encoderOf([{}, {}]);
  const plain = encoder.encode(event, 6, 0).record.headers;
  assert.deepEqual(Object.keys(plain ?? {}), ['content-type']);
  const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
  const traced = encoder.encode(event, 6, 0, { traceparent }).record.headers;
  assert.deepEqual(traced, { ...plain, traceparent });
});
