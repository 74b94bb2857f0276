import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { test } from 'node:test';
import { untilAborted } from './until-aborted.ts';

test('work that is done in time gives its result, and leaves no listener', async () => {
  const { signal } = new AbortController();
  assert.equal(await untilAborted(Promise.resolve(7), signal), 7);
  await assert.rejects(untilAborted(Promise.reject(new Error('refused')), signal), /refused/);
  assert.deepEqual(getEventListeners(signal, 'abort'), []);
});

test('an aborted signal ends the wait for work that never ends', async () => {
  const over = new AbortController();
  const never = new Promise<void>(() => undefined);
  const waiting = untilAborted(never, over.signal);
  over.abort(new Error('revoked'));
  await assert.rejects(waiting, /revoked/);
  await assert.rejects(untilAborted(never, over.signal), /revoked/);
});
