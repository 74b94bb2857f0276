import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { confluentFrame } from './confluent-frame.ts';
import { peek } from './peek.ts';

const confluentHeader = (schemaId: number | undefined) =>
  confluentFrame.header({ schemaId, dataFormat: 'AVRO', definition: '' } as never, 'none');

test('S2-03 a Confluent header is 00 and the id in four bytes, big endian', () => {
  assert.equal(confluentHeader(1).toString('hex'), '0000000001');
  assert.equal(confluentHeader(16_777_216).toString('hex'), '0001000000');
  assert.equal(confluentHeader(2_147_483_647).toString('hex'), '007fffffff');
});

test('S2-03 any id is read as it was written, whatever follows', () => {
  fc.assert(
    fc.property(fc.nat(0xffff_ffff), fc.uint8Array(), (schemaId, body) => {
      const frame = Buffer.concat([confluentHeader(schemaId), body]);
      assert.deepEqual(peek(frame), { frame: 'confluent', schemaId });
    }),
  );
});

test('a frame that is cut inside its header is damaged', () => {
  const header = confluentHeader(7);
  for (let length = 1; length < header.length; length++) {
    const cut = header.subarray(0, length);
    assert.throws(() => peek(cut), { code: 'damaged-frame', damage: 'short-header' });
  }
});

test('ids that differ in any byte are different versions', () => {
  const cache = confluentFrame.createCache<number>(100);
  const ids = [0, 1, 256, 65_536, 16_777_216, 0xffff_ffff];
  for (const id of ids) cache.set(confluentHeader(id), id);
  for (const id of [...ids, ...ids.reverse()]) assert.equal(cache.get(confluentHeader(id)), id);
  assert.equal(cache.get(confluentHeader(2)), undefined);
  cache.set(confluentHeader(1), 100);
  assert.equal(cache.get(confluentHeader(1)), 100);
});

test('an id that is not an unsigned 32-bit integer is rejected', () => {
  for (const id of [undefined, -1, 2 ** 32, 1.5, Number.NaN]) {
    assert.throws(() => confluentHeader(id), { code: 'invalid-schema' });
  }
});
