import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createOffsetTracker, type NextOffset } from './offset-tracker.ts';

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
  tracker.acknowledge('orders', 0, 10n);
  const first = tracker.commit(send);
  tracker.acknowledge('orders', 1, 5n);
  const second = tracker.commit(send);
  tracker.acknowledge('orders', 0, 20n);
  const third = tracker.commit(send);
  await settled();
  assert.equal(requests.length, 1);
  requests[0]?.answer.resolve();
  await first;
  await settled();
  assert.deepEqual(requests[1]?.offsets, [
    { topic: 'orders', partition: 0, offset: '20' },
    { topic: 'orders', partition: 1, offset: '5' },
  ]);
  requests[1]?.answer.resolve();
  await Promise.all([second, third]);
  assert.equal(requests.length, 2);
});

test('a failed commit rejects its caller, and the next commit includes its offsets', async () => {
  const { requests, send } = coordinator();
  const tracker = createOffsetTracker();
  tracker.acknowledge('orders', 0, 10n);
  const failing = tracker.commit(send);
  requests[0]?.answer.reject(new Error('not coordinator'));
  await assert.rejects(failing, /not coordinator/);
  const retried = tracker.commit(send);
  assert.deepEqual(requests[1]?.offsets, [{ topic: 'orders', partition: 0, offset: '10' }]);
  requests[1]?.answer.resolve();
  await retried;
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
  tracker.acknowledge('orders', 0, 10n);
  tracker.forget();
  await tracker.commit(send);
  assert.equal(requests.length, 0);
  assert.equal(tracker.nextOffset('orders', 0), undefined);
});

type Step =
  | { do: 'acknowledge'; partition: number; offset: number }
  | { do: 'commit' }
  | { do: 'answer'; fails: boolean };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    do: fc.constant('acknowledge' as const),
    partition: fc.nat(2),
    offset: fc.nat(1000),
  }),
  fc.constant({ do: 'commit' as const }),
  fc.record({ do: fc.constant('answer' as const), fails: fc.boolean() }),
);

test('in any order of acknowledgements, commits and answers, a committed offset never decreases or exceeds the acknowledged one', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      const tracker = createOffsetTracker();
      const acknowledged = new Map<number, bigint>();
      const committed = new Map<number, bigint>();
      const open: (() => void)[] = [];
      const send = async (offsets: readonly NextOffset[]) => {
        const answer = Promise.withResolvers<boolean>();
        open.push(() => answer.resolve(true));
        failures.push(() => answer.resolve(false));
        if (!(await answer.promise)) throw new Error('refused');
        for (const { partition, offset } of offsets) {
          assert.ok(BigInt(offset) > (committed.get(partition) ?? -1n));
          assert.ok(BigInt(offset) <= (acknowledged.get(partition) as bigint));
          committed.set(partition, BigInt(offset));
        }
      };
      const failures: (() => void)[] = [];
      const commits: Promise<unknown>[] = [];
      for (const one of steps) {
        if (one.do === 'acknowledge') {
          const offset = BigInt(one.offset);
          tracker.acknowledge('orders', one.partition, offset);
          const before = acknowledged.get(one.partition) ?? -1n;
          acknowledged.set(one.partition, offset > before ? offset : before);
        } else if (one.do === 'commit') commits.push(tracker.commit(send).catch(() => undefined));
        else {
          const [succeed, fail] = [open.shift(), failures.shift()];
          (one.fails ? fail : succeed)?.();
        }
        await settled();
      }
      commits.push(tracker.commit(send));
      while (commits.length > 0) {
        open.shift()?.();
        failures.shift();
        await settled();
        if (open.length === 0) break;
      }
      await Promise.all(commits);
      assert.deepEqual(committed, acknowledged);
    }),
  );
});
