import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { IHeaders, KafkaMessage } from 'kafkajs';
import { recordAt } from '../testing/record-at.ts';
import { bytesOf, copiedRecord } from './copied-record.ts';

/** A record whose fields are read when asked, as those of a fetched record. */
function fetched(record: KafkaMessage): KafkaMessage {
  const fields = Object.keys(record).map((name) => [
    name,
    { get: () => record[name as keyof KafkaMessage] },
  ]);
  return Object.create(Object.defineProperties({}, Object.fromEntries(fields)));
}

test('a header without a value stays without one, alone and among others of its name', () => {
  // As a fetched record has them.
  const headers = { empty: null, twice: [null, Buffer.from('x')] } as unknown as IHeaders;
  const record = recordAt(7, { key: Buffer.from('key'), value: null, headers });
  assert.deepEqual(copiedRecord(fetched(record)).headers, headers);
});

test('the bytes of a record are those of its key, its value, and of the names and values of its headers', () => {
  const headers = { one: Buffer.alloc(100), two: [Buffer.alloc(10), null], none: null };
  const record = { key: Buffer.alloc(1_000), value: Buffer.alloc(10_000) };
  assert.equal(bytesOf(recordAt(7, record)), 11_000);
  assert.equal(
    bytesOf(recordAt(7, { ...record, headers: headers as unknown as IHeaders })),
    11_123,
  );
  assert.equal(bytesOf(recordAt(7, { key: null, value: null })), 0);
});

test('a copied record equals the record and shares no memory with its fetch response', () => {
  const response = Buffer.allocUnsafeSlow(1024 * 1024).fill('x');
  const part = (start: number) => response.subarray(start, start + 40);
  const headers = Object.fromEntries([
    ['traceparent', part(100)],
    ['twice', [part(200), part(300)]],
    ['__proto__', part(400)],
  ]);
  const record = recordAt(7, { key: part(0), value: part(50), headers });
  const copy = copiedRecord(fetched(record));
  const { key, value, timestamp, attributes, offset } = record;
  assert.deepEqual(copy, { key, value, timestamp, attributes, offset, headers });
  assert.deepEqual(Object.keys(copy.headers ?? {}), Object.keys(headers));
  const kept = [copy.key, copy.value, ...Object.values(copy.headers ?? {}).flat()] as Buffer[];
  assert.equal(kept.length, 6);
  for (const bytes of kept) assert.notEqual(bytes.buffer, response.buffer);
  const { key: noKey, value: noValue } = copiedRecord(fetched(recordAt(8)));
  assert.deepEqual([noKey, noValue], [recordAt(8).key, recordAt(8).value]);
});
