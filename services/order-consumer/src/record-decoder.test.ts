import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  DamagedFrameError,
  type Deserializer,
  NotAFrameError,
  RegistryAccessError,
  RegistryUnavailableError,
} from '@order-stream/serde';
import type { KafkaMessage } from 'kafkajs';
import { createRecordDecoder, type TombstonePolicy } from './record-decoder.ts';

const schema = { schemaVersionId: 'v1', dataFormat: 'AVRO' as const, definition: '"string"' };

/** A value is a word for its outcome, or the number of its inflated bytes. */
const deserializer: Deserializer = {
  deserializeSync(bytes) {
    const word = bytes.toString();
    if (word === 'foreign') throw new NotAFrameError(0x7b);
    if (word === 'cut') throw new DamagedFrameError('truncated-body', 'v1');
    if (word === 'bug') throw new TypeError('secret value');
    if (word.startsWith('new')) return undefined;
    return { value: word, schema, bodyBytes: Number(word) || 1 };
  },
  async deserialize(bytes) {
    const word = bytes.toString();
    if (word === 'new-down') throw new RegistryUnavailableError('connection refused');
    if (word === 'new-denied') throw new RegistryAccessError('not authorized');
    return { value: word, schema, bodyBytes: 1 };
  },
};

const record = (word: string | null, index: number) =>
  ({ offset: String(index), value: word === null ? null : Buffer.from(word) }) as KafkaMessage;

async function runs(
  words: (string | null)[],
  tombstones: TombstonePolicy = 'ignore',
  { maxRunRecords = 1000, maxRunBytes = 1_000_000 } = {},
) {
  const decodeRun = createRecordDecoder({ deserializer, tombstones, maxRunRecords, maxRunBytes });
  const records = words.map(record);
  const seen: string[] = [];
  for (let at = 0; at < records.length; ) {
    const run = await decodeRun(records, at).catch((error: Error) => error);
    if (run instanceof Error) return [...seen, run.name];
    assert.ok(run.next > at && (run.deliveries.length === 0 || run.refusals.length === 0));
    const kept = run.deliveries.map(({ value }) => String(value));
    const refused = run.refusals.map(({ reason, error }) => `${reason}:${error.name}`);
    seen.push([...kept, ...refused].join(' '));
    at = run.next;
  }
  return seen;
}

test('consecutive decodable records form one run, and undecodable ones another', async () => {
  assert.deepEqual(await runs(['a', 'b', 'foreign', 'cut', 'c']), [
    'a b',
    'undecodable:NotAFrameError undecodable:DamagedFrameError',
    'c',
  ]);
});

test('an unknown schema is fetched, and the run continues', async () => {
  assert.deepEqual(await runs(['a', 'new', 'b']), ['a new b']);
});

test('when the registry is unavailable, earlier records still form a run, and the next call throws', async () => {
  assert.deepEqual(await runs(['a', 'new-down', 'b']), ['a', 'RegistryUnavailableError']);
  assert.deepEqual(await runs(['foreign', 'new-denied']), [
    'undecodable:NotAFrameError',
    'RegistryAccessError',
  ]);
});

test('an unexpected error rejects only its record', async () => {
  assert.deepEqual(await runs(['a', 'bug', 'b']), ['a', 'bug:TypeError', 'b']);
});

test('tombstones are ignored, or rejected with the policy `dlq`', async () => {
  assert.deepEqual(await runs([null, 'a', null, 'b', null]), ['a b']);
  assert.deepEqual(await runs([null, null]), ['']);
  assert.deepEqual(await runs(['a', null], 'dlq'), ['a', 'rejected:TombstoneRefusedError']);
});

test('a run ends at the maximum number of records', async () => {
  assert.deepEqual(await runs(['a', 'b', 'c', 'd', 'e'], 'ignore', { maxRunRecords: 2 }), [
    'a b',
    'c d',
    'e',
  ]);
});

test('a run ends at the maximum number of bytes, and a larger record forms its own run', async () => {
  const limit = { maxRunBytes: 100 };
  assert.deepEqual(await runs(['40', '60', '1', '99', '101', '1'], 'ignore', limit), [
    '40 60',
    '1 99',
    '101',
    '1',
  ]);
  const small = runs(['foreign', 'cut', 'foreign'], 'ignore', { maxRunBytes: 12 });
  assert.deepEqual(await small, [
    'undecodable:NotAFrameError undecodable:DamagedFrameError',
    'undecodable:NotAFrameError',
  ]);
});
