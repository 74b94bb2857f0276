import { promisify } from 'node:util';
import { zstdCompress, zstdDecompress } from 'node:zlib';
import { compressFrame, decompressFrame } from 'lz4-napi';
import snappy from 'snappy';
import type { Codec } from './record-batch/batch-layout.ts';

const zstd = promisify(zstdCompress);
const unzstd = promisify(zstdDecompress);

/**
 * Java writes snappy in xerial's stream format: this header, two version integers, then blocks with a length prefix
 * (org.xerial.snappy.SnappyOutputStream). Other clients write one raw block.
 */
const xerialHeader = Buffer.from('82534e41505059000000000100000001', 'hex');
const xerialMagic = xerialHeader.subarray(0, 8);
const xerialBlockBytes = 32 * 1024;

async function snappyAsJava(buffer: Buffer): Promise<Buffer> {
  const parts: Buffer[] = [xerialHeader];
  for (let at = 0; at < buffer.length; at += xerialBlockBytes) {
    const block = await snappy.compress(buffer.subarray(at, at + xerialBlockBytes));
    const length = Buffer.alloc(4);
    length.writeInt32BE(block.length);
    parts.push(length, block);
  }
  return Buffer.concat(parts);
}

async function unsnappy(buffer: Buffer): Promise<Buffer> {
  if (!buffer.subarray(0, 8).equals(xerialMagic))
    return (await snappy.uncompress(buffer)) as Buffer;
  const blocks: Buffer[] = [];
  for (let at = 16; at < buffer.length; ) {
    const end = at + 4 + buffer.readInt32BE(at);
    blocks.push((await snappy.uncompress(buffer.subarray(at + 4, end))) as Buffer);
    at = end;
  }
  return Buffer.concat(blocks);
}

/** The codecs that kafkajs lacks. Without them, one compressed batch fails a whole fetch. */
export const codecs: Record<'snappy' | 'lz4' | 'zstd', Codec> = {
  snappy: { compress: (encoder) => snappyAsJava(encoder.buffer), decompress: unsnappy },
  lz4: { compress: (encoder) => compressFrame(encoder.buffer), decompress: decompressFrame },
  zstd: { compress: (encoder) => zstd(encoder.buffer), decompress: unzstd },
};
