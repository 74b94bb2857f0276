import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { crc32c } from './crc32c.ts';
import { crcBitByBit } from './testing/protocol-bytes.ts';

test('the checksum of a batch is CRC-32C (RFC 3720, B.4), whatever its length', () => {
  assert.equal(crc32c(Buffer.from('123456789')), 0xe306_9283);
  assert.equal(crc32c(Buffer.alloc(32)), 0x8a91_36aa);
  const lengths = fc.uint8Array({ maxLength: 200 });
  fc.assert(fc.property(lengths, (bytes) => crc32c(bytes) === crcBitByBit(bytes)));
});
