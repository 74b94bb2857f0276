import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { createVersionCache } from './version-cache.ts';

test('an id that differs in any one byte is another version', () => {
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

test('what surrounds the id makes no difference', () => {
  const frame = randomBytes(30);
  const cache = createVersionCache<string>(10);
  cache.set(frame, 'this');
  const other = randomBytes(40);
  frame.copy(other, 2, 2, 18);
  assert.equal(cache.get(other), 'this');
});

test('the oldest of too many versions is forgotten', () => {
  const frames = Array.from({ length: 4 }, () => randomBytes(18));
  const cache = createVersionCache<number>(3);
  for (const [i, frame] of frames.entries()) cache.set(frame, i);
  assert.deepEqual(
    frames.map((frame) => cache.get(frame)),
    [undefined, 1, 2, 3],
  );
});
