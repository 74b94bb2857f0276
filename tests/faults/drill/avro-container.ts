import { inflateRawSync } from 'node:zlib';
import { compileAvro } from '@order-stream/serde';

const magic = Buffer.from('Obj\x01', 'latin1');
const syncBytes = 16;

/** The records of an object container file (Avro specification 1.12), compressed by `deflate` or not at all. */
export function* readAvroContainer(file: Buffer): Generator<unknown> {
  if (!file.subarray(0, magic.length).equals(magic))
    throw new Error('expected an Avro object container file');
  let at = magic.length;

  function readLong(): number {
    let value = 0;
    let factor = 1;
    for (;;) {
      const byte = file[at] as number;
      at += 1;
      value += (byte & 0x7f) * factor;
      factor *= 128;
      if (byte < 0x80) return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
    }
  }

  function readBytes(length = readLong()): Buffer {
    at += length;
    return file.subarray(at - length, at);
  }

  const metadata = new Map<string, string>();
  for (let count = readLong(); count > 0; count = readLong())
    for (let i = 0; i < count; i += 1) metadata.set(String(readBytes()), String(readBytes()));
  const sync = readBytes(syncBytes);
  const codec = compileAvro(`{"type":"array","items":${metadata.get('avro.schema')}}`);
  while (at < file.length) {
    const start = at;
    readLong();
    const count = file.subarray(start, at);
    const stored = readBytes();
    const records = metadata.get('avro.codec') === 'deflate' ? inflateRawSync(stored) : stored;
    // A count, the records and a zero are an array.
    yield* codec.decode(Buffer.concat([count, records, Buffer.from([0])]), 0) as unknown[];
    if (!readBytes(syncBytes).equals(sync))
      throw new Error(`expected the sync marker before byte ${at} of an Avro file`);
  }
}
