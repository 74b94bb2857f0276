import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { deflateSync } from 'node:zlib';
import fc from 'fast-check';
import { inflateBySync } from './inflate.ts';
import type { Inflate } from './inflated-limit.ts';
import { createPooledInflate } from './pooled-inflate.ts';

const maxBytes = 8 * 1024 * 1024;
const pooled = createPooledInflate();
const ways: [string, Inflate | undefined][] = [
  ['one native stream', pooled],
  ['inflateSync', inflateBySync],
];

for (const [name, inflate = assert.fail('not by this version of Node')] of ways) {
  const inflated = (stream: Uint8Array, cap = maxBytes) => inflate(stream, 0, cap);

  test(`by ${name}: bodies of every size come back, and what is wrong is said`, () => {
    for (const size of [1, 65_535, 65_536, 65_537, 131_072, 3_000_000]) {
      const body = createHash('shake256', { outputLength: size }).update('a').digest();
      const stream = deflateSync(body);
      assert.ok(body.equals(inflated(stream) as Buffer), String(size));
      assert.equal(inflated(Buffer.concat([stream, Buffer.alloc(1)])), 'trailing-bytes');
      assert.equal(inflated(stream.subarray(0, -1)), 'bad-zlib');
      assert.equal(inflated(stream.subarray(0, stream.length >> 1)), 'bad-zlib');
      if (size > 1) assert.equal(inflated(stream, size - 1), 'inflates-too-far');
      assert.ok(body.equals(inflated(stream, size) as Buffer));
      const altered = Buffer.from(stream);
      altered[altered.length - 1] = (altered.at(-1) as number) ^ 1;
      assert.equal(inflated(altered), 'bad-zlib');
    }
  });

  test(`by ${name}: a bomb is refused, small and large, and a body that is but well compressed is not`, () => {
    assert.equal(inflated(deflateSync(Buffer.alloc(2 * 1024 * 1024))), 'inflates-too-far');
    assert.equal(inflated(deflateSync(Buffer.alloc(maxBytes + 1)), 2 ** 30), 'inflates-too-far');
    const line = '{"status":"delivered","country":"Australia","items":[]}';
    const lines = Array.from({ length: 40_000 }, (_, i) => `${line}${(i * 7919) % 9973}`).join('');
    assert.equal(String(inflated(deflateSync(lines))), lines);
  });

  test(`by ${name}: the bytes before the stream are not part of it`, () => {
    const after = (body: Uint8Array) =>
      inflate(Buffer.concat([Buffer.alloc(100_000, 1), deflateSync(body)]), 100_000, maxBytes);
    for (const body of [Buffer.from('body'), Buffer.alloc(100_000, 2)])
      assert.ok(body.equals(after(body) as Buffer));
    assert.equal(after(Buffer.alloc(2 * 1024 * 1024)), 'inflates-too-far', 'for its own size');
  });
}

test('both ways say the same of any stream', () => {
  const body = fc.array(fc.nat(3), { maxLength: 2000 }).map((bytes) => Buffer.from(bytes));
  const place = fc.nat(5000);
  fc.assert(
    fc.property(body, place, place, (body, at, bit) => {
      const stream = deflateSync(body);
      const index = at % stream.length;
      stream[index] = (stream[index] as number) ^ (1 << (bit & 7));
      assert.deepEqual(pooled?.(stream, 0, maxBytes), inflateBySync(stream, 0, maxBytes));
    }),
    { numRuns: 2000 },
  );
});
