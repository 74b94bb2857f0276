import fc from 'fast-check';

// Record batches by the protocol's own description (KIP-98: record batch, magic 2), written without regard to speed.

type Content = Buffer | string | null;
export interface Sent {
  key: Content;
  value: Content;
  headers?: Record<string, Content | Content[]>;
  timestamp?: string;
}

/** What a record without a timestamp gets. */
export const now = 1_768_000_000_005;

function varint(value: bigint): Buffer {
  const bytes: number[] = [];
  let left = BigInt.asUintN(64, (value << 1n) ^ (value >> 63n));
  for (; left > 0x7fn; left >>= 7n) bytes.push(Number(left & 0x7fn) | 0x80);
  return Buffer.from([...bytes, Number(left)]);
}

function sized(content: Content): Buffer {
  if (content === null) return varint(-1n);
  const bytes = Buffer.from(content as string);
  return Buffer.concat([varint(BigInt(bytes.length)), bytes]);
}

export const timeOf = ({ timestamp = String(now) }: Sent) => BigInt(timestamp);

function recordBytes(record: Sent, first: bigint, index: number) {
  const { key, value, headers = {} } = record;
  const pairs = Object.entries(headers).flatMap(([name, values]) =>
    [values].flat().map((one) => Buffer.concat([sized(name), sized(one)])),
  );
  const body = Buffer.concat([
    Buffer.from([0]),
    varint(timeOf(record) - first),
    varint(BigInt(index)),
    sized(key),
    sized(value),
    varint(BigInt(pairs.length)),
    ...pairs,
  ]);
  return Buffer.concat([varint(BigInt(body.length)), body]);
}

export function recordsBytes(records: readonly Sent[]): Buffer {
  const first = records.map(timeOf).reduce((a, b) => (a < b ? a : b));
  return Buffer.concat(records.map((one, index) => recordBytes(one, first, index)));
}

/** A whole batch of producer 4711, epoch 2, sequence 7, around the bytes of its records. */
export function batchBytes(sent: readonly Sent[], compression: number, records: Buffer): Buffer {
  const times = sent.map(timeOf).sort((a, b) => Number(a - b));
  const checked = Buffer.alloc(40);
  checked.writeInt16BE(compression, 0);
  checked.writeInt32BE(sent.length - 1, 2);
  checked.writeBigInt64BE(times[0] as bigint, 6);
  checked.writeBigInt64BE(times.at(-1) as bigint, 14);
  checked.writeBigInt64BE(4711n, 22);
  checked.writeInt16BE(2, 30);
  checked.writeInt32BE(7, 32);
  checked.writeInt32BE(sent.length, 36);
  const content = Buffer.concat([checked, records]);
  const before = Buffer.alloc(21);
  before.writeInt32BE(9 + content.length, 8);
  before.writeInt8(2, 16);
  before.writeUInt32BE(crcBitByBit(content), 17);
  return Buffer.concat([before, content]);
}

export function crcBitByBit(bytes: Uint8Array): number {
  let crc = 0xffff_ffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0x82f6_3b78 : 0);
  }
  return ~crc >>> 0;
}

const content = fc.oneof(
  fc.uint8Array({ maxLength: 700 }).map((bytes) => Buffer.from(bytes)),
  fc.string({ unit: 'grapheme', maxLength: 80 }),
);
const nullable = fc.oneof({ weight: 9, arbitrary: content }, fc.constant(null));
const timestamps = fc.oneof(
  fc.integer({ min: 1_768_000_000_000, max: 1_768_000_000_009 }),
  // Far enough apart that a difference needs more than 32 bits.
  fc.integer({ min: 1_000_000_000_000, max: 4_000_000_000_000 }),
);
const ownRecords = fc.array(
  fc.record<Sent & { timestamp: string }>(
    {
      key: nullable,
      value: nullable,
      headers: fc.dictionary(
        fc.oneof(
          fc.string({ minLength: 1, maxLength: 200 }),
          // Names that every object seems to have already.
          fc.constantFrom('constructor', 'toString', '__proto__'),
        ),
        fc.oneof(nullable, fc.array(nullable, { maxLength: 3 })),
        { maxKeys: 4 },
      ),
      timestamp: timestamps.map(String),
    },
    { requiredKeys: ['key', 'value', 'timestamp'] },
  ),
  { minLength: 1, maxLength: 20 },
);
/** Some have the very headers of the record before; a batch's records have a timestamp, or none has. */
export const sentRecords = fc.tuple(ownRecords, fc.boolean()).map(([records, timed]) => {
  const sent: Sent[] = [];
  for (const [index, { timestamp, ...record }] of records.entries())
    sent.push({
      ...record,
      ...(index % 3 === 1 ? { headers: sent[index - 1]?.headers ?? {} } : {}),
      ...(timed ? { timestamp } : {}),
    });
  return sent;
});
