import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { OutgoingRecord, TopicRecord } from '@order-stream/runtime';
import fc from 'fast-check';
import { deadLetterOf } from './dead-letter.ts';
import { replayedRecord } from './replayed-record.ts';

type Headers = TopicRecord['headers'];

/** The record as a reader gets it: each header value is bytes. */
function written(
  { key, value, headers = {}, timestampMs }: OutgoingRecord,
  place: { topic: string; partition: number; offset: bigint },
): TopicRecord {
  const bytes = (one: unknown) => (typeof one === 'string' ? Buffer.from(one) : one);
  const read = Object.entries(headers).map(([name, one]) => [
    name,
    Array.isArray(one) ? one.map(bytes) : bytes(one),
  ]);
  return { ...place, key, value, headers: Object.fromEntries(read), timestampMs, timestampType: 0 };
}

/** What the consumer writes for a refused record: its headers come after those of the same name. */
function refused(record: TopicRecord, options: { schemaVersionId?: string; sink?: string } = {}) {
  const { topic, partition, offset, timestampMs } = record;
  const added: Record<string, string> = {
    'orders.dlq.reason': 'undecodable',
    'orders.dlq.error-class': 'DamagedFrameError',
    'orders.dlq.error-message': 'damaged frame: truncated-body',
    'orders.dlq.topic': topic,
    'orders.dlq.partition': String(partition),
    'orders.dlq.offset': String(offset),
    'orders.dlq.timestamp': String(timestampMs),
    'orders.dlq.consumer-group': 'orders-group-01',
    'orders.dlq.attempts': '1',
    ...(options.schemaVersionId && { 'orders.dlq.schema-version-id': options.schemaVersionId }),
    ...(options.sink && { 'orders.dlq.sink': options.sink }),
    'orders.dlq.service-version': '0.1.0',
    '__connect.errors.topic': topic,
    '__connect.errors.partition': String(partition),
    '__connect.errors.offset': String(offset),
    '__connect.errors.stage': 'VALUE_CONVERTER',
    '__connect.errors.exception.class.name': 'DamagedFrameError',
    '__connect.errors.exception.message': 'damaged frame: truncated-body',
  };
  const headers: Headers = { ...record.headers };
  for (const [name, value] of Object.entries(added)) {
    const before = headers[name];
    headers[name] = before === undefined ? value : [before, value].flat();
  }
  const { key, value } = record;
  const letter = deadLetterOf(
    written(
      { key, value, headers, timestampMs: timestampMs + 5 },
      { topic: `${topic}.dlq`, partition, offset: 7n },
    ),
  );
  assert.ok(letter);
  return letter;
}

const original = (headers: Headers): TopicRecord => ({
  topic: 'orders',
  partition: 3,
  offset: 1200n,
  timestampMs: 1_700_000_000_000,
  timestampType: 0,
  key: Buffer.from([0xff, 0]),
  value: Buffer.from([3, 9, 0]),
  headers,
});

const origin = {
  'orders.dlq.topic': 'orders',
  'orders.dlq.partition': '3',
  'orders.dlq.offset': '1200',
  'orders.dlq.timestamp': '1700000000000',
};
const asText = (headers: object) =>
  Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.map(String) : String(value),
    ]),
  );

test('a replayed record is the original with the place of its origin and the count 1', () => {
  const record = original({
    traceparent: Buffer.from('00-1'),
    twice: [Buffer.from('a'), Buffer.from([0xff])],
  });
  const letter = refused(record, { schemaVersionId: '7', sink: 'dynamodb' });
  const { key, value, headers, timestampMs } = replayedRecord(letter, 42);
  assert.deepEqual([key, value, timestampMs], [record.key, record.value, 42]);
  assert.deepEqual(headers?.traceparent, record.headers.traceparent);
  assert.deepEqual(headers?.twice, record.headers.twice);
  assert.deepEqual(
    asText(headers ?? {}),
    asText({ ...record.headers, ...origin, 'orders.dlq.replayed': '1' }),
  );
});

test('a record that fails again keeps its first origin, and its count goes up', () => {
  let record = original({ own: Buffer.from('x') });
  for (const count of [1, 2, 3]) {
    const replayed = replayedRecord(refused(record), 42);
    assert.deepEqual(asText(replayed.headers ?? {}), {
      own: 'x',
      ...origin,
      'orders.dlq.replayed': String(count),
    });
    record = written(replayed, { topic: 'orders', partition: 5, offset: 9000n + BigInt(count) });
  }
});

const ownName = fc.constantFrom(
  ...['a', '__proto__', 'constructor', 'orders.dlq.other', '__connect.errors.topic'],
  ...['orders.dlq.reason', 'orders.dlq.offset', 'orders.dlq.error-class', 'orders.dlq.sink'],
  ...['orders.dlq.topic', 'orders.dlq.schema-version-id', 'orders.dlq.service-version'],
);
const ownHeaders = fc
  .array(fc.tuple(ownName, fc.uint8Array({ maxLength: 4 })), { maxLength: 8 })
  .map((pairs) => {
    const headers: Headers = {};
    for (const [name, bytes] of pairs) {
      // Of two, the last one may be the record's own or the consumer's: they cannot be told apart.
      if (/sink|schema-version-id/.test(name) && Object.hasOwn(headers, name)) continue;
      const before = Object.hasOwn(headers, name) ? [headers[name]].flat() : [];
      const values = [...before, Buffer.from(bytes)];
      Object.defineProperty(headers, name, {
        value: values.length === 1 ? values[0] : values,
        enumerable: true,
        configurable: true,
        writable: true,
      });
    }
    return headers;
  });

/** Headers that only some dead letters have. */
const sometimes = fc.record(
  { schemaVersionId: fc.constant('7'), sink: fc.constant('s3') },
  { requiredKeys: [] },
);

test('headers that the record had under the names of the consumer are kept, before those that are added', () => {
  fc.assert(
    fc.property(
      ownHeaders,
      fc.integer({ min: 1, max: 3 }),
      sometimes,
      (headers, rounds, options) => {
        let record = original(headers);
        for (let round = 1; round <= rounds; round += 1) {
          const replayed = replayedRecord(refused(record, options), 42);
          const found = replayed.headers ?? {};
          const expected = new Map(
            Object.entries(headers).map(([name, value]) => [name, [value].flat().map(String)]),
          );
          for (const [name, value] of Object.entries(origin))
            expected.set(name, [...(expected.get(name) ?? []), value]);
          expected.set('orders.dlq.replayed', [String(round)]);
          assert.deepEqual(
            new Map(
              Object.entries(found).map(([name, value]) => [name, [value].flat().map(String)]),
            ),
            expected,
          );
          record = written(replayed, { topic: 'orders', partition: 1, offset: BigInt(round) });
        }
      },
    ),
  );
});

test('a record without the headers of the consumer is not a dead letter', () => {
  assert.equal(deadLetterOf(original({})), undefined);
  const headers = refused(original({})).record.headers;
  for (const [name, value] of [
    ['orders.dlq.partition', 'x'],
    ['orders.dlq.offset', '-1'],
    ['orders.dlq.timestamp', ''],
  ] as const)
    assert.equal(deadLetterOf(original({ ...headers, [name]: value })), undefined, name);
});
