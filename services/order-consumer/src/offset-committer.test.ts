import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLogger } from '@order-stream/runtime';
import { createOffsetCommitter } from './offset-committer.ts';
import { createOffsetTracker, type NextOffset } from './offset-tracker.ts';

const settled = () => new Promise(setImmediate);

/** A committer whose requests and pauses end when the test says so. */
function world({ pausesByItself = false } = {}) {
  const requests: { offset: string; answer: PromiseWithResolvers<void> }[] = [];
  const pauses: PromiseWithResolvers<void>[] = [];
  const tracker = createOffsetTracker();
  const warnings: unknown[] = [];
  const logger = createLogger({ name: 'test', level: 'silent' });
  logger.warn = (fields: object) => warnings.push(fields);
  const committer = createOffsetCommitter({
    tracker,
    send([next]: readonly NextOffset[]) {
      const answer = Promise.withResolvers<void>();
      requests.push({ offset: next?.offset ?? 'none', answer });
      return answer.promise;
    },
    logger,
    ...(!pausesByItself && {
      pause() {
        const pause = Promise.withResolvers<void>();
        pauses.push(pause);
        return pause.promise;
      },
    }),
  });
  const log = tracker.logOf('orders', 0);
  return {
    committer,
    /** Records below are durable. */
    progress(next: bigint) {
      tracker.acknowledge(log, next);
      committer.soon();
    },
    async answer(error?: Error) {
      const last = requests.at(-1)?.answer;
      if (error) last?.reject(error);
      else last?.resolve();
      await settled();
    },
    async endPause() {
      pauses.at(-1)?.resolve();
      await settled();
    },
    offsets: () => requests.map(({ offset }) => offset),
    pauses: () => pauses.length,
    warnings: () => warnings.length,
  };
}

test('progress during a commit, or in the pause after it, is in one further commit', async () => {
  const { progress, answer, endPause, offsets, pauses } = world();
  progress(1n);
  assert.deepEqual(offsets(), ['1'], 'at once');
  progress(2n);
  await answer();
  assert.equal(pauses(), 1);
  progress(3n);
  assert.deepEqual(offsets(), ['1']);
  await endPause();
  assert.deepEqual(offsets(), ['1', '3']);
  await answer();
  await endPause();
  assert.deepEqual(offsets(), ['1', '3']);
  assert.equal(pauses(), 2, 'nothing runs without progress');
  progress(4n);
  assert.deepEqual(offsets(), ['1', '3', '4'], 'at once again');
});

test('by itself the pause lasts a moment', async () => {
  const { progress, answer, offsets } = world({ pausesByItself: true });
  progress(1n);
  progress(2n);
  await answer();
  assert.deepEqual(offsets(), ['1']);
  while (offsets().length < 2) await new Promise((resolve) => setTimeout(resolve, 5));
  await answer();
  assert.deepEqual(offsets(), ['1', '2']);
});

test('a failed commit is repeated after a pause, and its error is thrown once', async () => {
  const { committer, progress, answer, endPause, offsets } = world();
  committer.throwFailure();
  progress(1n);
  await answer(new Error('not coordinator'));
  assert.throws(() => committer.throwFailure(), /not coordinator/);
  committer.throwFailure();
  await endPause();
  assert.deepEqual(offsets(), ['1', '1']);
  await answer();
  await endPause();
  committer.throwFailure();
  assert.deepEqual(offsets(), ['1', '1']);
});

test('after the membership has ended a failed commit is neither repeated nor reported', async () => {
  const { committer, progress, answer, endPause, offsets } = world();
  progress(1n);
  await answer(new Error('rebalancing'));
  committer.cancel();
  await endPause();
  assert.deepEqual(offsets(), ['1']);
  committer.throwFailure();
});

test('a commit that fails after its membership has ended is neither repeated nor reported in the next one', async () => {
  const { committer, progress, answer, endPause, offsets } = world();
  progress(1n);
  committer.cancel();
  await answer(new Error('another generation'));
  committer.throwFailure();
  await endPause();
  assert.deepEqual(offsets(), ['1']);
});

test('a failure is not reported when the commit was repeated and succeeded', async () => {
  const { committer, progress, answer, endPause } = world();
  progress(1n);
  await answer(new Error('not coordinator'));
  await endPause();
  await answer();
  committer.throwFailure();
});

test('a commit on demand resolves when the offsets are committed, and rejects with the error of the client', async () => {
  const { committer, progress, answer, offsets } = world();
  progress(1n);
  await answer();
  progress(2n);
  let isDone = false;
  const done = committer.now().then(() => {
    isDone = true;
  });
  await settled();
  assert.deepEqual([offsets(), isDone], [['1', '2'], false]);
  await answer();
  await done;
  progress(3n);
  const failed = assert.rejects(committer.now(), /unknown member/);
  await settled();
  await answer(new Error('unknown member'));
  await failed;
});

test('while no batch comes, commits that keep failing are logged once, until one succeeds or the membership ends', async () => {
  const { committer, progress, answer, endPause, warnings } = world();
  const fail = async () => {
    await answer(new Error('not authorised'));
    await endPause();
  };
  const seen: number[] = [];
  progress(1n);
  const endMembership = () => {
    committer.cancel();
    return fail();
  };
  for (const end of [answer, endMembership, undefined]) {
    for (let failures = 1; failures <= 3; failures += 1) {
      await fail();
      seen.push(warnings());
    }
    await end?.();
    progress(BigInt(seen.length));
    await endPause();
  }
  assert.deepEqual(seen, [0, 1, 1, 1, 2, 2, 2, 3, 3]);
});
