import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import fc from 'fast-check';

// patches/kafkajs@2.2.4.patch lets kafkajs leave out the records of aborted transactions as Java's consumer does.
const load = createRequire(import.meta.url);
const Batch = load('kafkajs/src/consumer/batch.js') as new (
  topic: string,
  fetchedOffset: string,
  partition: object,
) => { messages: { offset: string }[] };

type Kind = 'record' | 'plain' | 'commit' | 'abort';
interface Step {
  producer: number;
  kind: Kind;
  key: string | null;
}
interface Transaction {
  producerId: string;
  firstOffset: string;
  end: number;
}

const markerKeys = { abort: '00000000', commit: '00000001' };
const isMarker = (kind: Kind): kind is 'abort' | 'commit' => kind in markerKeys;

/** A decoded record or marker. A record outside transactions has no producer. */
function messageOf({ producer, kind, key }: Step, offset: number) {
  const bytes = isMarker(kind) ? markerKeys[kind] : key;
  return {
    offset: String(offset),
    key: bytes === null ? null : Buffer.from(bytes, 'hex'),
    isControlRecord: isMarker(kind),
    batchContext: {
      producerId: kind === 'plain' ? '-1' : String(producer),
      inTransaction: kind !== 'plain',
    },
  };
}

/** The aborted transactions of a log, by their ends, and the offsets of records that readers get. Transactions end in it. */
function readableOf(log: Step[]) {
  const aborted: Transaction[] = [];
  const readable = new Set<number>();
  const open = new Map<number, number[]>();
  for (const [offset, { producer, kind }] of log.entries()) {
    const written = open.get(producer) ?? [];
    if (kind === 'plain') readable.add(offset);
    if (kind === 'record') open.set(producer, [...written, offset]);
    if (!isMarker(kind)) continue;
    open.delete(producer);
    const [firstOffset] = written;
    if (kind === 'commit') for (const one of written) readable.add(one);
    else if (firstOffset !== undefined)
      aborted.push({
        producerId: String(producer),
        firstOffset: String(firstOffset),
        end: offset,
      });
  }
  return { aborted, readable };
}

/** The offsets that a reader gets of a fetch from `from` to before `to`. The broker names what overlaps the fetch. */
function fetched(log: Step[], from: number, to: number): number[] {
  const abortedTransactions = readableOf(log)
    .aborted.filter(({ firstOffset, end }) => end >= from && Number(firstOffset) < to)
    .map(({ producerId, firstOffset }) => ({ producerId, firstOffset }));
  const messages = log.map(messageOf).slice(from, to);
  const batch = new Batch('orders', String(from), { abortedTransactions, messages });
  return batch.messages.map(({ offset }) => Number(offset));
}

const producers = [4, 7, 11];
const step = fc.record<Step>({
  producer: fc.constantFrom(...producers),
  kind: fc.constantFrom('record', 'record', 'record', 'plain', 'commit', 'abort'),
  key: fc.constantFrom(null, '00000000', '00000001', '6b'),
});
const ends = producers.map((producer): Step => ({ producer, kind: 'abort', key: null }));
const logs = fc.array(step, { maxLength: 40 }).map((steps) => [...steps, ...ends]);

test('a reader gets all records but those of aborted transactions, wherever its fetch begins and ends', () => {
  fc.assert(
    fc.property(logs, fc.nat(42), fc.nat(42), (log, one, other) => {
      const [from, to] = [Math.min(one, other), Math.min(Math.max(one, other), log.length)];
      const expected = [...readableOf(log).readable].filter((at) => at >= from && at < to);
      assert.deepEqual(
        fetched(log, from, to),
        expected.sort((a, b) => a - b),
      );
    }),
    { numRuns: 2_000 },
  );
});

const record = (producer: number, key: string | null = null): Step => ({
  ...{ producer, key },
  kind: 'record',
});
const abort = (producer: number): Step => ({ producer, kind: 'abort', key: null });
const commit = (producer: number): Step => ({ producer, kind: 'commit', key: null });

test('no record leaks when a fetch begins inside of several aborted transactions', () => {
  const log = [4, 7, 11, 11, 7, 4].map((producer) => record(producer));
  assert.deepEqual(fetched([...log, abort(4), abort(7), abort(11)], 3, 9), []);
  assert.deepEqual(fetched([...log, abort(11), abort(7), abort(4)], 3, 9), []);
});

test('a data record with the key of an abort marker ends no aborted transaction', () => {
  const log = [record(4), record(4, markerKeys.abort), record(4), abort(4), record(4), commit(4)];
  assert.deepEqual(fetched(log, 0, log.length), [4]);
});

test('a committed data record with the key of an abort marker is read', () => {
  const log = [record(4), abort(4), record(7, markerKeys.abort), record(7), commit(7)];
  assert.deepEqual(fetched(log, 0, log.length), [2, 3]);
});
