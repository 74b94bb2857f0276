import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { KafkaMessage } from 'kafkajs';
import type { DecodedRun } from './record-decoder.ts';
import { createRunDecoding } from './run-decoding.ts';

/** Each batch has records of its own, as kafkajs makes them. */
const records = (from: number, count: number) =>
  Array.from({ length: count }, (_, i) => ({ offset: String(from + i) }) as KafkaMessage);
/** Every third record is refused. */
function decoded(all: readonly KafkaMessage[], from: number, next: number): DecodedRun {
  const run = all.slice(from, next);
  const isRefused = ({ offset }: KafkaMessage) => Number(offset) % 3 === 2;
  return {
    deliveries: run
      .filter((record) => !isRefused(record))
      .map((record) => ({ record, value: 0, schema: undefined })),
    refusals: run
      .filter(isRefused)
      .map((record) => ({ record, reason: 'undecodable', error: new Error('bytes') })),
    next,
  };
}
const settled = () => new Promise(setImmediate);

/** A registry that answers when the test says so. */
function runDecoding(context: TestContext) {
  context.mock.timers.enable({ apis: ['setTimeout'] });
  const asked: { from: string | undefined; answer: PromiseWithResolvers<number> }[] = [];
  const events: string[] = [];
  const decoding = createRunDecoding({
    async decode(all, from) {
      const answer = Promise.withResolvers<number>();
      asked.push({ from: all[from]?.offset, answer });
      return decoded(all, from, await answer.promise);
    },
    hold: (_cause, fault) => events.push(fault?.message ?? 'not held'),
    failed: (error) => events.push(`failed: ${error.message}`),
  });
  return {
    decoding,
    asked,
    events,
    /** Begins a run that is not decoded in time. */
    async beginSlow(all: KafkaMessage[], at: number): Promise<void> {
      const run = decoding.decodeRun(all, at);
      context.mock.timers.tick(250);
      assert.equal(await run, undefined);
    },
    /** The registry's answer to the last question: the run ends before index `next`. */
    async answer(next: number): Promise<void> {
      asked.at(-1)?.answer.resolve(next);
      await settled();
    },
  };
}

const offsetsOf = (run: Awaited<ReturnType<ReturnType<typeof createRunDecoding>['decodeRun']>>) =>
  run && {
    records: run.records.map(({ offset }) => offset).join(' '),
    deliveries: run.deliveries.map(({ record }) => record.offset).join(' '),
    refusals: run.refusals.map(({ record }) => record.offset).join(' '),
  };

test('a run that is decoded in time holds nothing', async (context) => {
  const { decoding, events, answer } = runDecoding(context);
  const run = decoding.decodeRun(records(0, 6), 1);
  context.mock.timers.tick(249);
  await answer(5);
  assert.deepEqual(offsetsOf(await run), {
    records: '1 2 3 4',
    deliveries: '1 3 4',
    refusals: '2',
  });
  context.mock.timers.tick(1_000);
  assert.deepEqual(events, []);
});

test('a run that is late holds the partition, and is kept for the next call', async (context) => {
  const { decoding, asked, events, beginSlow, answer } = runDecoding(context);
  await beginSlow(records(0, 4), 0);
  assert.match(String(events), /^the registry has not answered yet/);
  await answer(4);
  assert.deepEqual(events.slice(1), ['not held']);
  const run = await decoding.decodeRun(records(0, 4), 0);
  assert.deepEqual(offsetsOf(run), { records: '0 1 2 3', deliveries: '0 1 3', refusals: '2' });
  assert.equal(asked.length, 1);
  // It is given once.
  const again = decoding.decodeRun(records(0, 4), 0);
  await answer(1);
  assert.equal(offsetsOf(await again)?.records, '0');
  assert.equal(asked.length, 2);
});

test('of a kept run, the records that were fetched again are used', async (context) => {
  const { decoding, asked, beginSlow, answer } = runDecoding(context);
  const cases = [
    {
      name: 'a longer batch that begins earlier',
      refetched: records(0, 20),
      at: 2,
      used: '2 3 4 5',
    },
    { name: 'a shorter batch', refetched: records(2, 2), at: 0, used: '2 3' },
    {
      name: 'a record that was compacted away',
      refetched: [...records(2, 1), ...records(4, 4)],
      at: 0,
      used: '2',
    },
  ];
  for (const [i, { name, refetched, at, used }] of cases.entries()) {
    await beginSlow(records(0, 6), 2);
    await answer(6);
    const run = offsetsOf(await decoding.decodeRun(refetched, at));
    const refused = used.includes('5') ? '2 5' : '2';
    assert.deepEqual([run?.records, run?.refusals], [used, refused], name);
    assert.equal(asked.length, i + 1, name);
  }
});

test('a kept run is dropped when another offset is asked for', async (context) => {
  const { decoding, asked, beginSlow, answer } = runDecoding(context);
  await beginSlow(records(0, 6), 2);
  await answer(6);
  const other = decoding.decodeRun(records(0, 6), 3);
  await answer(6);
  assert.equal(offsetsOf(await other)?.records, '3 4 5');
  const dropped = decoding.decodeRun(records(0, 6), 2);
  await answer(3);
  assert.equal(offsetsOf(await dropped)?.records, '2');
  assert.deepEqual(
    asked.map(({ from }) => from),
    ['2', '3', '2'],
  );
});

test('a run that fails late is reported before its hold ends, and is asked for again', async (context) => {
  const { decoding, asked, events, beginSlow, answer } = runDecoding(context);
  await beginSlow(records(0, 2), 0);
  asked[0]?.answer.reject(new Error('registry unavailable'));
  await settled();
  assert.deepEqual(events.slice(1), ['failed: registry unavailable', 'not held']);
  const again = decoding.decodeRun(records(0, 2), 0);
  await answer(2);
  assert.equal(offsetsOf(await again)?.records, '0 1');
});

test('a run that fails in time rejects', async (context) => {
  const { decoding, asked, events } = runDecoding(context);
  const run = decoding.decodeRun(records(0, 2), 0);
  asked[0]?.answer.reject(new Error('registry unavailable'));
  await assert.rejects(run, /registry unavailable/);
  context.mock.timers.tick(1_000);
  assert.deepEqual(events, []);
});

test('once the partition is over, a run is not kept, holds nothing and reports no failure', async (context) => {
  const { decoding, asked, events, beginSlow, answer } = runDecoding(context);
  await beginSlow(records(0, 2), 0);
  await answer(2);
  decoding.drop();
  await beginSlow(records(0, 2), 0);
  decoding.drop();
  await answer(2);
  await beginSlow(records(0, 2), 0);
  decoding.drop();
  asked[2]?.answer.reject(new Error('registry unavailable'));
  await settled();
  assert.ok(!events.some((event) => event.startsWith('failed')));

  const before = events.length;
  const begun = decoding.decodeRun(records(0, 2), 0);
  decoding.drop();
  context.mock.timers.tick(250);
  assert.equal(await begun, undefined);
  assert.equal(events.length, before);
  await answer(2);
  const next = decoding.decodeRun(records(0, 2), 0);
  await answer(1);
  assert.equal(offsetsOf(await next)?.records, '0');
  assert.equal(asked.length, 5);
});
