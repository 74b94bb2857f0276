import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import type { RegisteredSchema, Serializer } from '@order-stream/serde';
import { createOrderEncoder } from './order-encoder.ts';
import { toOrderEvent } from './order-event.ts';

const event = toOrderEvent({ user_id: 'u', order_items: [] }, 0, randomUUID);
const definition = '"string"';

/** Writes the given frames one after another, whatever the order is. */
function encoderOf(frames: readonly Buffer[], ids: Partial<RegisteredSchema>) {
  const left = [...frames];
  const serializer: Serializer = {
    prepare: async () => ({ dataFormat: 'AVRO', definition, ...ids }),
    serialize: async () => left.shift() as Buffer,
    serializeSync: () => left.shift(),
  };
  const contentType = 'application/avro';
  return createOrderEncoder({ serializer, topic: 'orders', schema: definition, contentType });
}

async function idsOf(frames: readonly Buffer[], ids: Partial<RegisteredSchema>) {
  const encoder = encoderOf(frames, ids);
  await encoder.prepare();
  return frames.map(() => encoder.encode(event, 6, 0).schemaVersionId);
}

const glueFrame = (id: string, compression = 0) =>
  Buffer.concat([Buffer.from([3, compression]), Buffer.from(id.replaceAll('-', ''), 'hex')]);

test('an order’s schema version is the one in its own frame, also after the registry gave the schema another', async () => {
  const [first, second] = [randomUUID(), randomUUID()];
  const frames = [glueFrame(first), glueFrame(first, 5), glueFrame(second), glueFrame(second)];
  assert.deepEqual(await idsOf(frames, { schemaVersionId: first }), [first, first, second, second]);
});

test('of a Confluent-compatible registry it is the integer, and without a registry null', async () => {
  const frames = [Buffer.from([0, 0, 0, 1, 0, 9]), Buffer.from([0, 0, 0, 0, 7, 9])];
  assert.deepEqual(await idsOf(frames, { schemaId: 256 }), [256, 7]);
  assert.deepEqual(await idsOf([Buffer.from('{}')], {}), [null]);
});

test('the trace goes on in the headers, beside what every record has', async () => {
  const encoder = encoderOf([Buffer.from('{}'), Buffer.from('{}')], {});
  const plain = encoder.encode(event, 6, 0).record.headers;
  assert.deepEqual(Object.keys(plain ?? {}), ['content-type']);
  const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
  const traced = encoder.encode(event, 6, 0, { traceparent }).record.headers;
  assert.deepEqual(traced, { ...plain, traceparent });
});
