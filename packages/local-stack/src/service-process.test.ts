import assert from 'node:assert/strict';
import { test } from 'node:test';
import { freePort } from './ports.ts';
import { type ProcessOwner, startService } from './service-process.ts';
import { until } from './until.ts';

const neverReady = { main: 'never-read.ts', env: {}, shell: 'exec sleep 600' };

test('a process that is not ready when its test ends is killed', async () => {
  const ends: (() => void)[] = [];
  const context: ProcessOwner = {
    after: (end) => void ends.push(end),
    signal: new AbortController().signal,
  };
  const readyUrl = `http://127.0.0.1:${await freePort()}/readyz`;
  const starting = startService({ ...neverReady, readyUrl, context });
  const failed = assert.rejects(starting, /never-read\.ts did not become ready/);
  await until('the process has started', () => ends.length === 1);
  ends[0]?.();
  await failed;
});

test('a process that starts after its test has ended is killed at once', async (context) => {
  let ended: ProcessOwner | undefined;
  await context.test('the test that ends', (inner) => {
    ended = inner;
  });
  const service = await startService({ ...neverReady, context: ended });
  assert.deepEqual(await service.exited, { code: null, signal: 'SIGKILL' });
});
