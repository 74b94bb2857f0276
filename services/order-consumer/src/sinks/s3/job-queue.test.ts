import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createJobQueue } from './job-queue.ts';

test('jobs run one after the other, and there is room again when one is left', async () => {
  const queue = createJobQueue(assert.ifError);
  const log: string[] = [];
  const gates = ['a', 'b', 'c', 'd'].map((name) => ({
    name,
    ...Promise.withResolvers<void>(),
  }));
  for (const { name, promise } of gates)
    queue.add(async () => {
      log.push(`begin ${name}`);
      await promise;
      log.push(`end ${name}`);
    });
  const room = queue.room();
  assert.ok(room);
  for (const { resolve } of gates.slice(0, 3)) resolve();
  await room;
  assert.deepEqual(log, ['begin a', 'end a', 'begin b', 'end b', 'begin c', 'end c', 'begin d']);
  assert.equal(queue.room(), undefined);
});

test('two jobs leave room, a third does not', () => {
  const queue = createJobQueue(assert.ifError);
  const never = () => new Promise<void>(() => {});
  queue.add(never);
  queue.add(never);
  assert.equal(queue.room(), undefined);
  queue.add(never);
  assert.ok(queue.room() instanceof Promise);
});

test('after a failure, which is reported once, no job begins, and nobody waits for ever', async () => {
  const failures: string[] = [];
  const queue = createJobQueue(({ message }) => failures.push(message));
  const ran: string[] = [];
  queue.add(async () => {
    throw new Error('first');
  });
  for (const name of ['b', 'c', 'd'])
    queue.add(async () => {
      ran.push(name);
    });
  await queue.room();
  assert.deepEqual([failures, ran], [['first'], []]);
});

test('a stopped queue begins no job and reports no failure', async () => {
  const failures: Error[] = [];
  const queue = createJobQueue((error) => failures.push(error));
  const gate = Promise.withResolvers<void>();
  const ran: string[] = [];
  queue.add(async () => {
    await gate.promise;
    throw new Error('aborted');
  });
  for (const name of ['b', 'c'])
    queue.add(async () => {
      ran.push(name);
    });
  const room = queue.room();
  queue.stop();
  gate.resolve();
  await room;
  assert.deepEqual([failures, ran], [[], []]);
});
