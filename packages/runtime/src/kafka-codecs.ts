import { promisify } from 'node:util';
import { zstdCompress, zstdDecompress } from 'node:zlib';
import { compressFrame, decompressFrame } from 'lz4-napi';
import snappy from 'snappy';

interface Codec {
  compress(encoder: { buffer: Buffer }): Promise<Buffer>;
  decompress(buffer: Buffer): Promise<Buffer>;
}

const zstd = promisify(zstdCompress);
const unzstd = promisify(zstdDecompress);

/**
 * Java writes snappy in xerial's stream format: this header, two version integers, then blocks with a length prefix
 * (org.xerial.snappy.SnappyOutputStream). Other clients write one raw block.
 */
const xerialMagic = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00]);

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
  snappy: { compress: (encoder) => snappy.compress(encoder.buffer), decompress: unsnappy },
  lz4: { compress: (encoder) => compressFrame(encoder.buffer), decompress: decompressFrame },
  zstd: { compress: (encoder) => zstd(encoder.buffer), decompress: unzstd },
};
