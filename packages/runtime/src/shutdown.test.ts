import assert from 'node:assert/strict';
import { test } from 'node:test';
import pino from 'pino';
import { createShutdown } from './shutdown.ts';

const logger = pino({ level: 'silent' });

function shutdownUnderTest(deadlineMs?: number) {
  const exits: number[] = [];
  const shutdown = createShutdown({
    logger,
    exit: (code) => void exits.push(code),
    ...(deadlineMs === undefined ? {} : { deadlineMs }),
  });
  return { shutdown, exits };
}

test('steps run in reverse order, one after another, and the exit code is 0', async () => {
  const { shutdown, exits } = shutdownUnderTest();
  const order: string[] = [];
  shutdown.onStop('first', () => void order.push('first'));
  shutdown.onStop('second', async () => {
    await Promise.resolve();
    order.push('second');
  });
  assert.equal(shutdown.stopping(), false);
  await Promise.all([shutdown.stop('test'), shutdown.stop('again')]);
  assert.deepEqual(order, ['second', 'first']);
  assert.deepEqual(exits, [0]);
  assert.equal(shutdown.stopping(), true);
});

test('a step that fails does not stop the others, and the exit code is 1', async () => {
  const { shutdown, exits } = shutdownUnderTest();
  const order: string[] = [];
  shutdown.onStop('first', () => void order.push('first'));
  shutdown.onStop('second', () => Promise.reject(new Error('no')));
  await shutdown.stop('test');
  assert.deepEqual(order, ['first']);
  assert.deepEqual(exits, [1]);
});

test('a step that never ends exceeds the deadline, and the exit code is 1', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const { shutdown, exits } = shutdownUnderTest(1_000);
  shutdown.onStop('stuck', () => new Promise(() => {}));
  void shutdown.stop('test');
  t.mock.timers.tick(999);
  assert.deepEqual(exits, []);
  t.mock.timers.tick(1);
  assert.deepEqual(exits, [1]);
});
