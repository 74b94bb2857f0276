import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createOffsetTracker, type NextOffset, type PartitionLog } from './offset-tracker.ts';

/** A coordinator that answers when the test calls it. */
function coordinator() {
  const requests: { offsets: readonly NextOffset[]; answer: PromiseWithResolvers<void> }[] = [];
  return {
    requests,
    send: (offsets: readonly NextOffset[]) => {
      const answer = Promise.withResolvers<void>();
      requests.push({ offsets, answer });
      return answer.promise;
    },
  };
}

const settled = () => new Promise(setImmediate);

test('acknowledgements that arrive during a commit are combined into the next one', async () => {
  const { requests, send } = coordinator();
  const tracker = createOffsetTracker();
  tracker.acknowledge(tracker.logOf('orders', 0), 10n);
  const first = tracker.commit(send);
  tracker.acknowledge(tracker.logOf('orders', 1), 5n);
  const second = tracker.commit(send);
  tracker.acknowledge(tracker.logOf('orders', 0), 20n);
  const third = tracker.commit(send);
  await settled();
  assert.equal(requests.length, 1);
  requests[0]?.answer.resolve();
  await first;
  await settled();
  assert.deepEqual(requests[1]?.offsets, [
    { topic: 'orders', partition: 0, offset: '20', metadata: '' },
    { topic: 'orders', partition: 1, offset: '5', metadata: '' },
  ]);
  requests[1]?.answer.resolve();
  await Promise.all([second, third]);
  assert.equal(requests.length, 2);
});

test('a failed commit rejects its caller, and the next commit includes its offsets', async () => {
  const { requests, send } = coordinator();
  const tracker = createOffsetTracker();
  tracker.acknowledge(tracker.logOf('orders', 0), 10n);
  const failing = tracker.commit(send);
  requests[0]?.answer.reject(new Error('not coordinator'));
  await assert.rejects(failing, /not coordinator/);
  const retried = tracker.commit(send);
  assert.deepEqual(requests[1]?.offsets, [
    { topic: 'orders', partition: 0, offset: '10', metadata: '' },
  ]);
  requests[1]?.answer.resolve();
  await retried;
});

test('changed metadata is committed although the offset stays, and only once', async () => {
  const { requests, send } = coordinator();
  const tracker = createOffsetTracker();
  const log = tracker.logOf('orders', 0);
  for (const metadata of ['s3=5', 's3=7', 's3=7']) {
    tracker.acknowledge(log, 10n, metadata);
    const committed = tracker.commit(send);
    requests.at(-1)?.answer.resolve();
    await committed;
  }
  assert.deepEqual(
    requests.map(({ offsets }) => offsets[0]?.metadata),
    ['s3=5', 's3=7'],
  );
});

test('a commit without acknowledgements sends nothing', async () => {
  const { requests, send } = coordinator();
  const tracker = createOffsetTracker();
  await tracker.commit(send);
  assert.equal(requests.length, 0);
});

test('after a new assignment no offset of the old one is committed', async () => {
  const { requests, send } = coordinator();
  const tracker = createOffsetTracker();
  tracker.acknowledge(tracker.logOf('orders', 0), 10n);
  tracker.forget();
  await tracker.commit(send);
  assert.equal(requests.length, 0);
});

test('F06 a late acknowledgement of a log that the partition no longer has is not committed', async () => {
  const { requests, send } = coordinator();
  const tracker = createOffsetTracker();
  const oldLog = tracker.logOf('orders', 0);
  assert.equal(tracker.acknowledge(oldLog, 500n), true);
  tracker.reset('orders', 0, 0n);
  assert.equal(tracker.acknowledge(oldLog, 501n), false);
  const first = tracker.commit(send);
  assert.deepEqual(requests[0]?.offsets, [
    { topic: 'orders', partition: 0, offset: '0', metadata: '' },
  ]);
  requests[0]?.answer.resolve();
  await first;

  const newLog = tracker.logOf('orders', 0);
  assert.equal(tracker.acknowledge(newLog, 3n), true);
  const second = tracker.commit(send);
  assert.deepEqual(requests[1]?.offsets, [
    { topic: 'orders', partition: 0, offset: '3', metadata: '' },
  ]);
  requests[1]?.answer.resolve();
  await second;

  tracker.forget();
  assert.equal(tracker.acknowledge(newLog, 4n), false);
  await tracker.commit(send);
  assert.equal(requests.length, 2);
});

test('F06 a commit that is answered after a reset does not count for the new log', async () => {
  const { requests, send } = coordinator();
  const tracker = createOffsetTracker();
  tracker.acknowledge(tracker.logOf('orders', 0), 10n);
  const first = tracker.commit(send);
  tracker.reset('orders', 0, 0n);
  tracker.acknowledge(tracker.logOf('orders', 0), 10n);
  requests[0]?.answer.resolve();
  await first;
  const second = tracker.commit(send);
  assert.deepEqual(requests[1]?.offsets, [
    { topic: 'orders', partition: 0, offset: '10', metadata: '' },
  ]);
  requests[1]?.answer.resolve();
  await second;
});

type Step =
  | { do: 'fetch' | 'reset'; partition: number; offset: number }
  /** Acknowledges up to `records` of a batch that was fetched before, perhaps of a log that is gone. */
  | { do: 'acknowledge'; batch: number; records: number }
  | { do: 'commit' | 'rebalance' }
  | { do: 'answer'; fails: boolean };

const partition = fc.nat(2);
const offset = fc.nat(1000);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('fetch' as const), partition, offset }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('reset' as const), partition, offset }) },
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant('acknowledge' as const),
      batch: fc.nat(30),
      records: fc.nat(50),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ do: 'rebalance' as const }) },
  { weight: 4, arbitrary: fc.constant({ do: 'commit' as const }) },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('answer' as const), fails: fc.boolean() }),
  },
);

test('F06 in any order of fetches, acknowledgements, resets, rebalances, commits and answers, what is committed was acknowledged for the log that the partition has, and never decreases within it', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
      const tracker = createOffsetTracker();
      /** Counts the logs that each partition has had. */
      const logs = [0, 0, 0];
      const acknowledged = new Map<string, bigint>();
      const committed = new Map<string, bigint>();
      const batches: { log: PartitionLog; key: string; fetchedAt: number }[] = [];
      const open: PromiseWithResolvers<boolean>[] = [];
      const keyOf = (number: number) => `${number} log ${logs[number]}`;
      const send = async (offsets: readonly NextOffset[]) => {
        const sent = offsets.map((one) => [keyOf(one.partition), BigInt(one.offset)] as const);
        for (const [key, next] of sent) {
          assert.ok(next > (committed.get(key) ?? -1n), `${key} commits ${next} again`);
          assert.equal(next, acknowledged.get(key), `${key} commits what was acknowledged for it`);
        }
        const answer = Promise.withResolvers<boolean>();
        open.push(answer);
        if (!(await answer.promise)) throw new Error('refused');
        for (const [key, next] of sent) committed.set(key, next);
      };
      const commits: Promise<unknown>[] = [];
      for (const one of steps) {
        if (one.do === 'fetch')
          batches.push({
            log: tracker.logOf('orders', one.partition),
            key: keyOf(one.partition),
            fetchedAt: one.offset,
          });
        else if (one.do === 'acknowledge') {
          const batch = batches[one.batch % Math.max(1, batches.length)];
          if (!batch) continue;
          const next = BigInt(batch.fetchedAt + one.records);
          const isCurrent = batch.key === keyOf(batch.log.partition);
          assert.equal(tracker.acknowledge(batch.log, next), isCurrent);
          const before = acknowledged.get(batch.key) ?? -1n;
          if (isCurrent) acknowledged.set(batch.key, next > before ? next : before);
        } else if (one.do === 'reset') {
          logs[one.partition] = (logs[one.partition] as number) + 1;
          tracker.reset('orders', one.partition, BigInt(one.offset));
          acknowledged.set(keyOf(one.partition), BigInt(one.offset));
        } else if (one.do === 'rebalance') {
          for (const number of logs.keys()) logs[number] = (logs[number] as number) + 1;
          tracker.forget();
        } else if (one.do === 'commit')
          commits.push(
            tracker.commit(send).catch((error) => assert.equal(error.message, 'refused')),
          );
        else if (one.do === 'answer') open.shift()?.resolve(!one.fails);
        await settled();
      }
      commits.push(tracker.commit(send));
      for (let waiting = true; waiting; ) {
        open.shift()?.resolve(true);
        await settled();
        waiting = open.length > 0;
      }
      await Promise.all(commits);
      for (const number of logs.keys())
        assert.equal(committed.get(keyOf(number)), acknowledged.get(keyOf(number)));
    }),
  );
});
