import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { test } from 'node:test';
import { createLogger } from '@order-stream/runtime';
import type { FailureClass } from './failure-class.ts';
import { type AttemptingPartition, createSinkAttempts } from './sink-attempts.ts';

const logger = createLogger({ name: 'test', level: 'silent' });
class Failure extends Error {
  readonly failureClass: FailureClass;
  constructor(failureClass: FailureClass) {
    super(`answer: ${failureClass}`);
    this.failureClass = failureClass;
  }
}
/** A logger, and the messages that it was given at a level above debug. */
function recordingLogger() {
  const messages: string[] = [];
  const recording = createLogger({ name: 'test', level: 'silent' });
  const record = (_: unknown, message?: string) => messages.push(String(message));
  recording.info = record;
  recording.warn = record;
  return { logger: recording, messages };
}
const attempting = (now?: () => number) =>
  createSinkAttempts({
    sink: 's3',
    failureClassOf: (error) => (error instanceof Failure ? error.failureClass : 'bug'),
    logger,
    ...(now && { now }),
  });

function partition() {
  const over = new AbortController();
  const holds: (string | undefined)[] = [];
  const of: AttemptingPartition = {
    topic: 'orders',
    partition: 0,
    signal: over.signal,
    hold: (_request, fault) => holds.push(fault?.message),
  };
  return { of, over, holds };
}

/** A request that fails as listed, then succeeds. */
function failing(...failures: FailureClass[]) {
  let calls = 0;
  return {
    calls: () => calls,
    request: async () => {
      const failure = failures[calls];
      calls += 1;
      if (failure !== undefined) throw new Failure(failure);
      return 'stored';
    },
  };
}

test('a failure that may pass is tried again; the second in a row holds the partition until it passes', async () => {
  const attempts = attempting();
  for (const kind of ['transient', 'throttled', 'unauthorised'] as const) {
    const { of, holds } = partition();
    const { request, calls } = failing(kind, kind, kind);
    assert.equal(await attempts.attempt(of, 'PutObject a', request), 'stored');
    assert.equal(calls(), 4);
    const fault = `sink s3 (${kind}): PutObject a: answer: ${kind}`;
    assert.deepEqual(holds, [fault, fault, undefined]);
  }
});

test('each failed attempt is logged with its number, its delay and its reason', async () => {
  const lines: object[] = [];
  const recording = createLogger({ name: 'test', level: 'silent' });
  recording.debug = (fields: object) => lines.push(fields);
  const attempts = createSinkAttempts({
    sink: 's3',
    failureClassOf: () => 'throttled',
    logger: recording,
  });
  await attempts.attempt(partition().of, 'PutObject a', failing('throttled', 'throttled').request);
  const where = { topic: 'orders', partition: 0, sink: 's3', request: 'PutObject a' };
  const why = { failureClass: 'throttled', reason: 'answer: throttled' };
  for (const [index, { delayMs, ...line }] of (lines as { delayMs: number }[]).entries()) {
    assert.deepEqual(line, { ...where, ...why, failures: index + 1 });
    assert.ok(delayMs >= 0 && delayMs <= 100 * 2 ** index);
  }
  assert.equal(lines.length, 2);
});

test('the next attempt begins when the pause of the sink is over, and the partition is held meanwhile', async () => {
  const { of, over, holds } = partition();
  const { request, calls } = failing('throttled', 'throttled');
  const pauses: PromiseWithResolvers<void>[] = [];
  const paused = () => {
    pauses.push(Promise.withResolvers());
    return pauses.at(-1)?.promise as Promise<void>;
  };
  const done = attempting().attempt(of, 'PutItem', request, async (delayed) => {
    await delayed;
    await paused();
  });
  for (const failures of [1, 2]) {
    while (pauses.length < failures) await new Promise(setImmediate);
    await new Promise(setImmediate);
    assert.equal(calls(), failures);
    assert.equal(holds.length, failures - 1);
    pauses[failures - 1]?.resolve();
  }
  assert.equal(await done, 'stored');
  assert.equal(holds.at(-1), undefined);
  const ended = attempting().attempt(of, 'PutItem', failing('throttled').request, (delayed) => {
    over.abort(new Error('revoked'));
    return delayed;
  });
  await assert.rejects(ended, /revoked/);
});

test('one failure holds nothing', async () => {
  const { of, holds } = partition();
  await attempting().attempt(of, 'PutObject a', failing('transient').request);
  assert.deepEqual(holds, [undefined]);
});

test('a refusal of the record and an unexpected error are thrown at once', async () => {
  for (const kind of ['rejected', 'bug', 'undecodable'] as const) {
    const { of } = partition();
    const { request, calls } = failing(kind);
    await assert.rejects(attempting().attempt(of, 'PutItem', request), Failure);
    assert.equal(calls(), 1);
  }
});

test('while a sink is down one request probes it, and its success lets the others go', async () => {
  const attempts = attempting();
  let isDown = true;
  let inFlight = 0;
  let mostWhileOpen = 0;
  const request = async () => {
    inFlight += 1;
    if (attempts.isOpen()) mostWhileOpen = Math.max(mostWhileOpen, inFlight);
    await new Promise(setImmediate);
    inFlight -= 1;
    if (isDown) throw new Failure('transient');
  };
  const opened = Array.from({ length: 5 }, () => partition());
  const first = opened.map(({ of }) => attempts.attempt(of, 'PutItem', request));
  while (!attempts.isOpen()) await new Promise(setImmediate);
  const late = Array.from({ length: 20 }, () =>
    attempts.attempt(partition().of, 'PutItem', request),
  );
  while (mostWhileOpen === 0) await new Promise((resolve) => setTimeout(resolve, 1));
  isDown = false;
  await Promise.all([...first, ...late]);
  assert.equal(mostWhileOpen, 1);
  assert.equal(attempts.isOpen(), false);
});

test('the breaker reports why it is open and when it is closed, and a partition that waits for it is held', async () => {
  const reports: (string | undefined)[] = [];
  let isDown = true;
  // It stands still until the partition is held: no probe is due before.
  let clock = 1;
  const { logger, messages } = recordingLogger();
  const attempts = createSinkAttempts({
    sink: 's3',
    failureClassOf: () => 'transient',
    logger,
    now: () => clock,
    onBreaker: (fault) => reports.push(fault?.message),
  });
  const request = async () => {
    if (isDown) throw new Error('no route');
  };
  const first = Array.from({ length: 5 }, () => attempts.attempt(partition().of, 'Put a', request));
  while (!attempts.isOpen()) await new Promise(setImmediate);
  const fault = 'sink s3 (transient): Put a: no route';
  assert.deepEqual(reports, [fault]);
  const late = partition();
  const waiting = attempts.attempt(late.of, 'Put b', request);
  assert.deepEqual(late.holds, [fault], 'held without a request of its own');
  isDown = false;
  clock += 60_000;
  await Promise.all([...first, waiting]);
  assert.deepEqual(reports, [fault, undefined]);
  assert.deepEqual(messages, ['the sink is down, probing it', 'the sink answers again']);
  assert.equal(late.holds.at(-1), undefined);
  assert.equal(getEventListeners(late.of.signal, 'abort').length, 0);
});

test('throttled requests do not open the breaker, because other keys may be stored', async () => {
  const attempts = attempting();
  const requests = Array.from({ length: 8 }, () => failing('throttled'));
  const done = requests.map(({ request }) => attempts.attempt(partition().of, 'PutItem', request));
  await new Promise(setImmediate);
  assert.equal(attempts.isOpen(), false);
  await Promise.all(done);
});

test('a partition that is over ends its requests: in flight, before the next attempt, and behind the breaker', async () => {
  const attempts = attempting();
  const revoked = new Error('revoked');
  const waiting = partition();
  const inFlight = attempts.attempt(
    waiting.of,
    'PutItem',
    (signal) =>
      new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
  );
  waiting.over.abort(revoked);
  await assert.rejects(inFlight, revoked);
  const endless = () => Promise.reject(new Failure('transient'));
  const delayed = Array.from({ length: 5 }, () => partition());
  const ended = delayed.map(({ of }) => attempts.attempt(of, 'PutItem', endless));
  while (!attempts.isOpen()) await new Promise(setImmediate);
  const behind = partition();
  const held = attempts.attempt(behind.of, 'PutItem', endless);
  for (const { over } of [...delayed, behind]) over.abort(revoked);
  for (const one of [...ended, held]) await assert.rejects(one, revoked);
  await assert.rejects(attempts.attempt(behind.of, 'PutItem', endless), revoked);
});

test('a partition that is over ends at once, however late the next probe of its sink is', async () => {
  let clock = 0;
  const attempts = attempting(() => clock);
  const fail = () => Promise.reject(new Failure('transient'));
  const partitions = Array.from({ length: 6 }, () => partition());
  const [late, ...others] = partitions as [ReturnType<typeof partition>];
  const ended = others.map(({ of }) => attempts.attempt(of, 'PutItem', fail));
  while (!attempts.isOpen()) await new Promise(setImmediate);
  // An hour before the probe.
  clock = -3_600_000;
  const waiting = attempts.attempt(late.of, 'PutItem', fail);
  assert.deepEqual(late.holds, ['sink s3 (transient): PutItem: answer: transient']);
  const revoked = new Error('revoked');
  for (const { over } of partitions) over.abort(revoked);
  for (const one of [...ended, waiting]) await assert.rejects(one, revoked);
});

test('F09 only a request that took more than a second says that the sink is slow and moves', async () => {
  let clock = 0;
  const attempts = attempting(() => clock);
  const { of } = partition();
  await attempts.attempt(of, 'write', async (_signal, progressed) => {
    assert.equal(attempts.busySince(), 0);
    clock += 900;
    progressed();
    assert.equal(attempts.busySince(), 900);
  });
  assert.equal(attempts.movedSlowlyAt(), undefined);
  assert.equal(attempts.busySince(), undefined);
  await attempts.attempt(of, 'write', async (_signal, progressed) => {
    clock += 1_500;
    progressed();
    clock += 5_000;
  });
  assert.equal(attempts.movedSlowlyAt(), 7_400);
});

test('F09 exactly a second is not slow, a millisecond more is', async () => {
  let clock = 0;
  const attempts = attempting(() => clock);
  const taking = (ms: number) => async () => {
    clock += ms;
  };
  await attempts.attempt(partition().of, 'write', taking(1_000));
  assert.equal(attempts.movedSlowlyAt(), undefined);
  await attempts.attempt(partition().of, 'write', taking(1_001));
  assert.equal(attempts.movedSlowlyAt(), 2_001);
});

test('a sink is busy since its first request or its last answer, until no request is left', async () => {
  let clock = 10;
  const attempts = attempting(() => clock);
  const answers = [Promise.withResolvers<void>(), Promise.withResolvers<void>()] as const;
  const first = attempts.attempt(partition().of, 'write', () => answers[0].promise);
  await new Promise(setImmediate);
  clock = 20;
  const second = attempts.attempt(partition().of, 'write', () => answers[1].promise);
  await new Promise(setImmediate);
  assert.equal(attempts.busySince(), 10);
  clock = 50;
  answers[0].resolve();
  await first;
  assert.equal(attempts.busySince(), 50);
  answers[1].resolve();
  await second;
  assert.equal(attempts.busySince(), undefined);
});

test('requests that fail because their partitions were revoked say nothing of the sink', async () => {
  const attempts = attempting();
  for (let i = 0; i < 6; i += 1) {
    const { of, over } = partition();
    const request = async () => {
      over.abort(new Error('revoked'));
      throw new Failure('transient');
    };
    await assert.rejects(attempts.attempt(of, 'PutItem', request), /revoked/);
  }
  assert.equal(attempts.isOpen(), false);
});

test('a sink that was down when its last partition was revoked is no longer down', async () => {
  const reports: (string | undefined)[] = [];
  const { logger, messages } = recordingLogger();
  const attempts = createSinkAttempts({
    sink: 's3',
    failureClassOf: () => 'transient',
    logger,
    onBreaker: (fault) => reports.push(fault?.message),
  });
  const revoked = new Error('revoked');
  const fail = () => Promise.reject(new Error('no route'));
  const partitions = Array.from({ length: 6 }, () => partition());
  const [last, ...others] = partitions.map(({ of, over }) => ({
    over,
    ended: attempts.attempt(of, 'Put a', fail),
  }));
  while (!attempts.isOpen()) await new Promise(setImmediate);
  for (const { over } of others) over.abort(revoked);
  for (const { ended } of others) await assert.rejects(ended, revoked);
  assert.equal(attempts.isOpen(), true, 'one partition still waits for the sink');
  last?.over.abort(revoked);
  await assert.rejects(last?.ended as Promise<void>, revoked);
  assert.equal(attempts.isOpen(), false);
  assert.deepEqual(reports, ['sink s3 (transient): Put a: no route', undefined]);
  assert.deepEqual(messages, [
    'the sink is down, probing it',
    'nothing waits for the sink any more, so it is no longer probed',
  ]);
  const { of, holds } = partition();
  assert.equal(await attempts.attempt(of, 'Put b', async () => 'stored'), 'stored');
  assert.deepEqual(holds, [undefined], 'not held for the failures of partitions that it lost');
});
