/**
 * Measures how long rejecting a damaged frame takes and how far the memory of the process grows: every kind of
 * damage in each format, at three sizes. The first rejection of a frame does not count. The median of a kind is the
 * time of the rejection; the worst also contains garbage collection and waiting for the processor.
 */
import { deflateRawSync, deflateSync, constants as zlib } from 'node:zlib';
import type { SchemaFormat } from '../codec.ts';
import { glueHeader } from '../frames/glue-frame.ts';
import {
  avroFormat,
  createDeserializer,
  createSerializer,
  SerdeError,
  type Serializer,
} from '../index.ts';
import { jsonSchemaFormat } from '../json-schema/index.ts';
import { protobufFormat } from '../protobuf/index.ts';
import type { DataFormat } from '../registry/schema-registry.ts';

const markMs = 10;
const mib = 2 ** 20;
const sizes = { small: 400, '64 KiB': 64 * 1024, '1 MiB': mib };
const schemaVersionId = 'b7b4a7f0-9c96-4e4a-a687-fb5de9ef0c63';
const header = {
  none: glueHeader(schemaVersionId, 'none'),
  zlib: glueHeader(schemaVersionId, 'zlib'),
};

interface Format {
  name: DataFormat;
  format: SchemaFormat;
  definition: string;
  /** Bodies that no writer creates. */
  hostile(bytes: number): Record<string, Buffer>;
}

const filled = (bytes: number, hex: string) => Buffer.alloc(bytes, Buffer.from(hex, 'hex'));
const after = (hex: string, rest: Buffer) => Buffer.concat([Buffer.from(hex, 'hex'), rest]);

const formats: Format[] = [
  {
    name: 'AVRO',
    format: avroFormat(),
    definition: JSON.stringify({
      type: 'record',
      name: 'R',
      fields: [
        { name: 'next', type: ['null', 'R'] },
        { name: 'numbers', type: { type: 'array', items: 'long' } },
        { name: 'text', type: 'string' },
      ],
    }),
    hostile: (bytes) => ({
      // 2^40 elements; the same as a block with its size in bytes; a string of 2^40 bytes.
      'a huge count': after('00808080808040', filled(bytes, '02')),
      'a huge block': after('00ffffffffff3fffffffffff3f', filled(bytes, '02')),
      'a huge length': after('0000808080808040', filled(bytes, '61')),
      'deep nesting': filled(bytes, '02'),
    }),
  },
  {
    name: 'JSON',
    format: jsonSchemaFormat(),
    definition: '{"type":"object","properties":{"numbers":{"items":{"type":"integer"}}}}',
    hostile: (bytes) => ({
      'a huge number': Buffer.from(`{"numbers":[${'1'.repeat(bytes)}`),
      'numbers beyond 2^53': Buffer.from(`{"numbers":[${'12345678901234567,'.repeat(bytes / 18)}`),
      'deep nesting': filled(bytes, '5b'),
    }),
  },
  {
    name: 'PROTOBUF',
    format: protobufFormat(),
    definition: `syntax = "proto3"; message R { R next = 1; repeated int64 numbers = 2;
      string text = 3; map<string, R> map = 4; }`,
    hostile: (bytes) => ({
      // 2^31 bytes of numbers; a string of 2^40 bytes.
      'a huge count': after('00128080808008', filled(bytes, '01')),
      'a huge length': after('001a808080808020', filled(bytes, '61')),
      'deep nesting': after('00', nestedMessages(bytes)),
      'nested groups': after('00', filled(bytes, '53')),
      'unknown fields, cut': after('00', Buffer.concat([filled(bytes, '2801'), filled(1, '28')])),
      'empty entries, cut': after('00', Buffer.concat([filled(bytes, '2200'), filled(1, '22')])),
    }),
  },
];

function nestedMessages(bytes: number): Buffer {
  const levels: Buffer[] = [];
  for (let inside = 0; inside < bytes; inside += (levels.at(-1) as Buffer).length) {
    const length: number[] = [];
    for (let rest = inside; ; rest >>>= 7) {
      length.push(rest > 127 ? (rest & 127) | 128 : rest);
      if (rest <= 127) break;
    }
    levels.push(Buffer.from([0x0a, ...length]));
  }
  return Buffer.concat(levels.reverse());
}

/** A zlib stream that repeats a chunk, created without holding the inflated data. */
function bomb(chunk: Buffer, times: number): Buffer {
  const piece = deflateRawSync(chunk, { finishFlush: zlib.Z_FULL_FLUSH });
  return Buffer.concat([Buffer.from([0x78, 0x9c]), ...new Array<Buffer>(times).fill(piece)]);
}

function framesOf({ hostile }: Format, body: Buffer, bytes: number): Record<string, Buffer> {
  const plain = Buffer.concat([header.none, body]);
  const stream = deflateSync(body);
  const inZlib = Buffer.concat([header.zlib, stream]);
  const altered = (frame: Buffer, at: number, value?: number) => {
    const copy = Buffer.from(frame);
    copy[at] = value ?? (copy[at] as number) ^ 0x55;
    return copy;
  };
  const cuts = (name: string, frame: Buffer) =>
    [0.25, 0.5, 0.75, 1].map((part) => {
      const end = part === 1 ? frame.length - 1 : Math.floor(frame.length * part);
      return [`${name}, cut at ${part === 1 ? 'its last byte' : part}`, frame.subarray(0, end)];
    });
  const written = Object.entries(hostile(bytes)).flatMap(([name, hostileBody]) => [
    [name, Buffer.concat([header.none, hostileBody])],
    [`${name}, in zlib`, Buffer.concat([header.zlib, deflateSync(hostileBody)])],
  ]);
  return Object.fromEntries([
    ['cut in its header', plain.subarray(0, 17)],
    ['cut after its header', plain.subarray(0, 18)],
    ...cuts('body', plain),
    ...cuts('zlib', inZlib),
    ['another version', altered(plain, 0, 4)],
    ['another compression', altered(plain, 1, 7)],
    ['no zlib at all', Buffer.concat([header.zlib, body])],
    ['zlib altered in the middle', altered(inZlib, 18 + (stream.length >> 1))],
    ['zlib without an end', Buffer.concat([header.zlib, bomb(body, 1)])],
    ['wrong checksum', altered(inZlib, inZlib.length - 1)],
    ['trailing bytes', Buffer.concat([plain, Buffer.alloc(4)])],
    ['trailing bytes after zlib', Buffer.concat([inZlib, Buffer.alloc(4)])],
    [
      'trailing bytes inside zlib',
      after(header.zlib.toString('hex'), deflateSync(after(body.toString('hex'), Buffer.alloc(4)))),
    ],
    ...written,
  ]);
}

// Bombs in the zlib stream, for every format: zeros, and text with a ratio of fifty, which looks like honest data.
function bombs(): Record<string, Buffer> {
  const line = Array.from(
    { length: 4_000 },
    (_, at) => `order ${(at * 7919) % 97} delivered;`,
  ).join('');
  const zeros = (mibs: number) => Buffer.concat([header.zlib, bomb(Buffer.alloc(mib), mibs)]);
  return {
    'bomb of 2 MiB': zeros(2),
    'bomb of 33 MiB': zeros(33),
    'bomb of 1 GiB': zeros(1024),
    'text of 64 MiB': Buffer.concat([
      header.zlib,
      bomb(Buffer.from(line), Math.ceil((64 * mib) / line.length)),
    ]),
  };
}

/** Pseudo-random: altering a stream of equal bytes may leave it the same. */
function digitOf(at: number): number {
  return (Math.imul(at, 2_654_435_761) >>> 16) % 10;
}

/** A record whose numbers are a byte each, about as many as `bytes`. */
async function writtenBody(serializer: Serializer, format: Format, bytes: number): Promise<Buffer> {
  const count = format.name === 'JSON' ? bytes / 2 : bytes;
  const numbers = Array.from({ length: count }, (_, at) => digitOf(at));
  const value = { next: null, numbers, text: 'text' };
  const choice = { schema: format.definition, dataFormat: format.name };
  return Buffer.from((await serializer.serialize('orders', value, choice)).subarray(18));
}

interface Row {
  name: string;
  bytes: number;
  worstMs: number;
  medianMs: number;
  grownMiB: number;
}

const peakMiB = () => process.resourceUsage().maxRSS / 1024;
const startMiB = peakMiB();

function measure(name: string, frame: Buffer, reject: (frame: Buffer) => unknown): Row {
  const before = peakMiB();
  const times: number[] = [];
  const untilMs = performance.now() + 150;
  for (let run = 0; run < 6 || (run < 100 && performance.now() < untilMs); run++) {
    const started = performance.now();
    try {
      reject(frame);
      throw new Error(`${name} was taken`);
    } catch (error) {
      if (!(error instanceof SerdeError)) throw error;
    }
    if (run > 0) times.push(performance.now() - started);
  }
  times.sort((a, b) => a - b);
  return {
    name,
    bytes: frame.length,
    worstMs: times.at(-1) as number,
    medianMs: times[times.length >> 1] as number,
    grownMiB: peakMiB() - before,
  };
}

function print(rows: readonly Row[]): void {
  for (const { name, bytes, worstMs, medianMs, grownMiB } of rows) {
    const always = medianMs >= markMs ? ', mostly' : '';
    const over = worstMs >= markMs ? `  over ${markMs} ms${always}` : '';
    console.log(
      `  ${name.padEnd(34)} ${String(bytes).padStart(9)} B  worst ${worstMs.toFixed(2).padStart(7)} ms  median ${medianMs.toFixed(2).padStart(7)} ms  peak RSS +${grownMiB.toFixed(0)} MiB${over}`,
    );
  }
}

const all: Record<string, Row[]> = {};
for (const [size, bytes] of Object.entries(sizes)) {
  for (const format of formats) {
    const schema = { schemaVersionId, dataFormat: format.name, definition: format.definition };
    const registry = {
      framing: 'glue',
      schemaById: async () => schema,
      schemaByDefinition: async () => schema,
    } as const;
    const deserializer = createDeserializer({ registry, formats: [format.format] });
    const body = await writtenBody(
      createSerializer({ registry, formats: [format.format] }),
      format,
      bytes,
    );
    await deserializer.deserialize(Buffer.concat([header.none, body]));
    const reject = (frame: Buffer) => deserializer.deserializeSync(frame);
    const rows = Object.entries(framesOf(format, body, bytes)).map(([name, frame]) =>
      measure(name, frame, reject),
    );
    if (size === 'small' && format.name === 'AVRO') {
      const ofStream = Object.entries(bombs()).map(([name, frame]) => measure(name, frame, reject));
      console.log('zip bombs');
      print(ofStream);
      all['zip bombs'] = ofStream;
    }
    console.log(`${format.name}, ${size}`);
    print(rows);
    const ofFormat = rows.map((row) => ({ ...row, name: `${format.name}, ${row.name}` }));
    all[size] = [...(all[size] ?? []), ...ofFormat];
  }
}

console.log('');
for (const [size, rows] of Object.entries(all)) {
  for (const [key, by] of [
    ['worstMs', 'worst'],
    ['medianMs', 'median'],
  ] as const) {
    const slowest = rows.reduce((a, b) => (b[key] > a[key] ? b : a));
    const over = rows.filter((row) => row[key] >= markMs).length;
    console.log(
      `${size}: ${by} of ${rows.length} kinds at most ${slowest[key].toFixed(2)} ms (${slowest.name}); ${over} over ${markMs} ms`,
    );
  }
}
console.log(
  `peak RSS ${startMiB.toFixed(0)} MiB at the start, ${peakMiB().toFixed(0)} MiB at the end`,
);
