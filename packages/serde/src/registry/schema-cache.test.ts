import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { createSchemaCache } from './schema-cache.ts';

const down = async () => Promise.reject(new Error('down'));

test('a thousand callers of one key make one request', async () => {
  const ask = createSchemaCache<number>();
  let loads = 0;
  const load = async () => ++loads;
  const answers = await Promise.all(Array.from({ length: 1000 }, () => ask('k', load)));
  assert.deepEqual(new Set(answers), new Set([1]));
});

test('an answer that never expires is requested once', async () => {
  let ms = 0;
  const ask = createSchemaCache<string>({ now: () => ms });
  await ask('id', async () => 'version');
  ms = Number.MAX_SAFE_INTEGER;
  assert.equal(await ask('id', down), 'version');
});

test('an old answer is returned at once and refreshed once in the background', async () => {
  let ms = 0;
  let loads = 0;
  const ask = createSchemaCache<number>({ refreshAfterMs: 100, now: () => ms });
  const load = async () => ++loads;
  await ask('latest', load);
  ms = 99;
  await ask('latest', load);
  assert.equal(loads, 1);
  ms = 100;
  assert.deepEqual(await Promise.all([ask('latest', load), ask('latest', load)]), [1, 1]);
  await turn();
  assert.equal(loads, 2);
  assert.equal(await ask('latest', load), 2);
});

test('callers with an answer do not notice an unavailable source, which is asked again later', async () => {
  let ms = 0;
  let loads = 0;
  const ask = createSchemaCache<string>({ refreshAfterMs: 60_000, now: () => ms });
  await ask('latest', async () => 'before');
  ms = 60_000;
  const failing = async () => {
    loads += 1;
    return down();
  };
  for (let i = 0; i < 10; i++) {
    assert.equal(await ask('latest', failing), 'before');
    await turn();
  }
  assert.equal(loads, 1);
  ms += 30_000;
  assert.equal(await ask('latest', async () => 'after'), 'before');
  await turn();
  assert.equal(await ask('latest', down), 'after');
});

test('a failure is remembered only if failureMs says so', async () => {
  let ms = 0;
  let loads = 0;
  const failing = async () => {
    loads += 1;
    return down();
  };
  const forgetful = createSchemaCache<string>({ now: () => ms });
  for (let i = 0; i < 3; i++) await assert.rejects(forgetful('k', failing));
  assert.equal(loads, 3);

  loads = 0;
  const mindful = createSchemaCache<string>({ failureMs: () => 10, now: () => ms });
  for (let i = 0; i < 3; i++) await assert.rejects(mindful('k', failing));
  assert.equal(loads, 1);
  ms = 10;
  assert.equal(await mindful('k', async () => 'there'), 'there');
});

test('of 10 000 keys, no more than the limit are kept, and a key in use stays', async () => {
  const maxEntries = 100;
  const ask = createSchemaCache<number>({ maxEntries });
  const loaded: number[] = [];
  const get = (key: number) =>
    ask(String(key), async () => {
      loaded.push(key);
      return key;
    });
  for (let key = 0; key < 10_000; key++) {
    await get(key);
    await get(0);
  }
  assert.equal(loaded.length, 10_000, 'the key that is always used was loaded once');
  loaded.length = 0;
  for (let key = 1; key < 10_000 - maxEntries; key += 97) await get(key);
  assert.equal(loaded.length, Math.ceil((10_000 - maxEntries - 1) / 97));
});
