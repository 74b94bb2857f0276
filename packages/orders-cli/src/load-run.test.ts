import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Clock, type LoadRun, runLoad } from './load-run.ts';
import { createOrderGenerator } from './order-generator.ts';

/** A clock that jumps to the next sleeper when no other work is left. */
function virtualClock(): Clock {
  let now = 0;
  let jumping = false;
  const sleepers: { dueMs: number; wake: () => void }[] = [];
  const jump = () => {
    jumping = false;
    sleepers.sort((one, other) => one.dueMs - other.dueMs);
    const next = sleepers.shift();
    if (next === undefined) return;
    now = Math.max(now, next.dueMs);
    next.wake();
    plan();
  };
  const plan = () => {
    if (jumping || sleepers.length === 0) return;
    jumping = true;
    setImmediate(jump);
  };
  return {
    nowMs: () => now,
    sleepUntil: (dueMs, stop) =>
      new Promise((resolve) => {
        if (dueMs <= now || stop.aborted) return resolve();
        stop.addEventListener('abort', () => resolve(), { once: true });
        sleepers.push({ dueMs, wake: resolve });
        plan();
      }),
  };
}

/** Runs a load in which every answer takes `answerMs`; returns when each order was sent. */
async function simulate(
  options: Pick<LoadRun, 'pace' | 'limit'> & {
    concurrency?: number;
    answerMs?: number;
    stopAtMs?: number;
  },
) {
  const clock = virtualClock();
  const stop = new AbortController();
  const never = new AbortController().signal;
  const generator = createOrderGenerator('simulated');
  const sent: { atMs: number; dueMs: number }[] = [];
  let inFlight = 0;
  let mostInFlight = 0;
  if (options.stopAtMs !== undefined) {
    void clock.sleepUntil(options.stopAtMs, never).then(() => stop.abort());
  }
  await runLoad({
    pace: options.pace,
    limit: options.limit,
    concurrency: options.concurrency ?? 5,
    nextOrder: () => generator.next(clock.nowMs()),
    send: async (_order, dueMs) => {
      inFlight += 1;
      mostInFlight = Math.max(mostInFlight, inFlight);
      sent.push({ atMs: clock.nowMs(), dueMs });
      await clock.sleepUntil(clock.nowMs() + (options.answerMs ?? 0), never);
      inFlight -= 1;
    },
    clock,
    stop: stop.signal,
  });
  return { sent, mostInFlight, inFlight, endedMs: clock.nowMs() };
}

const batches = { kind: 'batches', size: 100, pauseMs: 1000 } as const;

test('S0-12 batches of 100 with a pause of 1 s make 1000 orders in a run of 10 s', async () => {
  const { sent, endedMs } = await simulate({ pace: batches, limit: { durationMs: 10_000 } });
  assert.equal(sent.length, 1000);
  assert.deepEqual(
    [...new Set(sent.map(({ atMs }) => atMs))],
    [0, 1e3, 2e3, 3e3, 4e3, 5e3, 6e3, 7e3, 8e3, 9e3],
  );
  assert.equal(endedMs, 10_000);
});

test('S0-12 a pause begins after the last answer of its batch', async () => {
  const { sent } = await simulate({
    pace: { ...batches, size: 4 },
    limit: { orders: 8 },
    concurrency: 2,
    answerMs: 30,
  });
  assert.deepEqual(
    sent.map(({ atMs }) => atMs),
    [0, 0, 30, 30, 1060, 1060, 1090, 1090],
  );
});

test('S0-12 exactly the given count is sent, with any batches, workers and rates', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 300 }),
      fc.integer({ min: 1, max: 20 }),
      fc.integer({ min: 0, max: 50 }),
      fc.constantFrom<LoadRun['pace']>(
        { kind: 'unpaced' },
        { kind: 'rate', perSecond: 7 },
        { ...batches, size: 7 },
      ),
      async (orders, concurrency, answerMs, pace) => {
        const run = await simulate({ pace, limit: { orders }, concurrency, answerMs });
        assert.equal(run.sent.length, orders);
        assert.ok(run.mostInFlight <= concurrency);
        assert.equal(run.inFlight, 0);
      },
    ),
    { numRuns: 50 },
  );
});

test('S0-13 concurrency limits the orders that await an answer, and is used in full', async () => {
  const { mostInFlight } = await simulate({
    pace: { kind: 'unpaced' },
    limit: { orders: 50 },
    concurrency: 5,
    answerMs: 10,
  });
  assert.equal(mostInFlight, 5);
});

test('a rate is a schedule from the start: slow answers do not delay later orders while workers are free', async () => {
  const { sent } = await simulate({
    pace: { kind: 'rate', perSecond: 10 },
    limit: { durationMs: 3000 },
    concurrency: 20,
    answerMs: 777,
  });
  assert.deepEqual(
    sent.map(({ atMs }) => atMs),
    Array.from({ length: 30 }, (_, index) => index * 100),
  );
});

test('orders that wait for a worker keep the time they were due, so latency includes the wait', async () => {
  const { sent } = await simulate({
    pace: { kind: 'rate', perSecond: 10 },
    limit: { orders: 3 },
    concurrency: 1,
    answerMs: 500,
  });
  assert.deepEqual(sent, [
    { atMs: 0, dueMs: 0 },
    { atMs: 500, dueMs: 100 },
    { atMs: 1000, dueMs: 200 },
  ]);
});

test('a stop signal stops sending at once and awaits every order in flight', async () => {
  for (const pace of [{ kind: 'unpaced' }, { kind: 'rate', perSecond: 100 }, batches] as const) {
    const run = await simulate({
      pace,
      limit: { durationMs: Number.POSITIVE_INFINITY },
      answerMs: 300,
      stopAtMs: 450,
    });
    assert.ok(run.sent.length > 0);
    assert.ok(run.sent.every(({ atMs }) => atMs <= 450));
    assert.equal(run.inFlight, 0);
  }
});
