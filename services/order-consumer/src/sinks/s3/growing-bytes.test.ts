import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { GrowingBytes } from './growing-bytes.ts';

test('what is appended is drained, in order, and then nothing is there', () => {
  const size = fc.oneof(
    fc.integer({ min: 0, max: 200 }),
    fc.constantFrom(16 * 1024 - 1, 16 * 1024, 16 * 1024 + 1, 300_000),
  );
  fc.assert(
    fc.property(fc.array(fc.array(size, { maxLength: 30 }), { maxLength: 4 }), (rounds) => {
      const bytes = new GrowingBytes();
      for (const sizes of rounds) {
        const pieces = sizes.map((length, i) => Buffer.alloc(length, i + 1));
        for (const piece of pieces) bytes.append(piece);
        const all = Buffer.concat(pieces);
        assert.equal(bytes.length, all.length);
        assert.ok(bytes.drain().equals(all));
        assert.equal(bytes.length, 0);
      }
      assert.equal(bytes.drain().length, 0);
    }),
    { numRuns: 50 },
  );
});

test('a drained buffer keeps its bytes when others are appended, and appended bytes are copied', () => {
  const bytes = new GrowingBytes();
  const piece = Buffer.from('abc');
  bytes.append(piece);
  piece.fill(0);
  const drained = bytes.drain();
  bytes.append(Buffer.from('xyz'));
  assert.equal(drained.toString(), 'abc');
});
