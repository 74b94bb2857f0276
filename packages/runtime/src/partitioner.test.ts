import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import kafkajs from 'kafkajs';
import { murmur2, partitionFor } from './partitioner.ts';

test('murmur2 gives the hashes of Kafka’s own UtilsTest', () => {
  const hashes: [string, number][] = [
    ['21', -973932308],
    ['foobar', -790332482],
    ['a-little-bit-long-string', -985981536],
    ['a-little-bit-longer-string', -1486304829],
    ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58897971],
    ['abc', 479470107],
  ];
  for (const [text, hash] of hashes) assert.equal(murmur2(Buffer.from(text)), hash, text);
});

test('any key gets the partition that the Java-compatible partitioner of kafkajs chooses', () => {
  const partitioner = kafkajs.Partitioners.DefaultPartitioner();
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 1, maxLength: 60 }),
      fc.integer({ min: 1, max: 50 }),
      (bytes, partitionCount) => {
        const key = Buffer.from(bytes);
        const partitionMetadata = Array.from({ length: partitionCount }, (_, partitionId) => ({
          partitionId,
          leader: 1,
        }));
        const theirs = partitioner({
          topic: 'orders',
          partitionMetadata: partitionMetadata as never,
          message: { key, value: null },
        });
        assert.equal(partitionFor(key, partitionCount), theirs);
      },
    ),
  );
});

test('only the bytes of the key are hashed when it is part of a larger buffer', () => {
  const slab = Buffer.from('xxorder-1yy');
  assert.equal(murmur2(slab.subarray(2, 9)), murmur2(Buffer.from('order-1')));
});
