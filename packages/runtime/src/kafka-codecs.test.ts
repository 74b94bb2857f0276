import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import snappy from 'snappy';
import { codecs } from './kafka-codecs.ts';

test('each codec restores what it compressed, including empty and incompressible bytes', async () => {
  for (const codec of Object.values(codecs))
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 5_000 }), async (bytes) => {
        const buffer = Buffer.from(bytes);
        const compressed = await codec.compress({ buffer });
        assert.deepEqual(Buffer.from(await codec.decompress(compressed)), buffer);
      }),
      { numRuns: 30 },
    );
});

test('the xerial blocks that Java writes with snappy are read', async () => {
  const block = (text: string) => {
    const body = snappy.compressSync(text);
    const length = Buffer.alloc(4);
    length.writeInt32BE(body.length);
    return Buffer.concat([length, body]);
  };
  const header = Buffer.from('82534e415050590000000001' + '00000001', 'hex');
  const stream = Buffer.concat([header, block('first '), block('second')]);
  assert.equal((await codecs.snappy.decompress(stream)).toString(), 'first second');
});

test('snappy is written as Java writes it, in blocks of 32 KiB', async () => {
  const buffer = Buffer.alloc(70_000, 'orders ');
  const stream = await codecs.snappy.compress({ buffer });
  assert.equal(stream.toString('hex', 0, 16), '82534e41505059000000000100000001');
  const blocks: number[] = [];
  for (let at = 16; at < stream.length; at += 4 + stream.readInt32BE(at))
    blocks.push(
      snappy.uncompressSync(stream.subarray(at + 4, at + 4 + stream.readInt32BE(at))).length,
    );
  assert.deepEqual(blocks, [32_768, 32_768, 4_464]);
  assert.deepEqual(await codecs.snappy.decompress(stream), buffer);
});
