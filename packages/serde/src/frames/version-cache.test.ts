import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { createVersionCache } from './version-cache.ts';

test('an id that differs in any byte is another version', () => {
  const frame = randomBytes(30);
  for (let at = 2; at < 18; at++) {
    const cache = createVersionCache<string>(10);
    const other = Buffer.from(frame);
    other[at] = (other[at] as number) ^ 0x80;
    cache.set(frame, 'this');
    assert.equal(cache.get(frame), 'this');
    assert.equal(cache.get(other), undefined, `byte ${at}`);
    cache.set(other, 'other');
    assert.deepEqual(
      [cache.get(frame), cache.get(other), cache.get(frame)],
      ['this', 'other', 'this'],
    );
  }
});

test('an id with four zero bytes is not taken for the one before it', () => {
  for (let at = 2; at < 18; at += 4) {
    const frame = Buffer.alloc(18, 7);
    const zeroed = Buffer.from(frame).fill(0, at, at + 4);
    const cache = createVersionCache<string>(10);
    cache.set(frame, 'this');
    cache.set(zeroed, 'zeroed');
    assert.deepEqual([cache.get(frame), cache.get(zeroed)], ['this', 'zeroed'], `byte ${at}`);
  }
});

test('the bytes around the id make no difference', () => {
  const frame = randomBytes(30);
  const cache = createVersionCache<string>(10);
  cache.set(frame, 'this');
  const other = randomBytes(40);
  frame.copy(other, 2, 2, 18);
  assert.equal(cache.get(other), 'this');
});

test('a version is found as often as it is asked for', () => {
  const [frame, other] = [randomBytes(18), randomBytes(18)];
  const cache = createVersionCache<string>(10);
  cache.set(frame, 'this');
  assert.deepEqual(
    [frame, frame, other, other, frame].map((one) => cache.get(one)),
    ['this', 'this', undefined, undefined, 'this'],
  );
});

test('no more versions than the limit are kept', () => {
  const frames = Array.from({ length: 100 }, () => randomBytes(18));
  const cache = createVersionCache<number>(10);
  for (const [i, frame] of frames.entries()) cache.set(frame, i);
  const kept = frames.filter((frame) => cache.get(frame) !== undefined);
  assert.ok(kept.length <= 10 && kept.at(-1) === frames[99]);
});
