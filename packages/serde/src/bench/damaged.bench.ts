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

const filled = (bytes: number, hex: string) => Buffer.alloc(bytes, hex, 'hex');
/** Texts are in hexadecimal. */
const join = (...parts: (string | Buffer)[]) =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'hex') : part)));

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
      'a huge count': join('00808080808040', filled(bytes, '02')),
      'a huge block': join('00ffffffffff3fffffffffff3f', filled(bytes, '02')),
      'a huge length': join('0000808080808040', filled(bytes, '61')),
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
      'a huge count': join('00128080808008', filled(bytes, '01')),
      'a huge length': join('001a808080808020', filled(bytes, '61')),
      'deep nesting': join('00', nestedMessages(bytes)),
      'nested groups': join('00', filled(bytes, '53')),
      'unknown fields, cut': join('00', filled(bytes, '2801'), '28'),
      'empty entries, cut': join('00', filled(bytes, '2200'), '22'),
    }),
  },
];

function nestedMessages(bytes: number): Buffer {
  const levels: Buffer[] = [];
  for (let inside = 0; inside < bytes; inside += (levels.at(-1) as Buffer).length) {
    const length: number[] = [];
    let rest = inside;
    for (; rest > 127; rest >>>= 7) length.push((rest & 127) | 128);
    levels.push(Buffer.from([0x0a, ...length, rest]));
  }
  return Buffer.concat(levels.reverse());
}

/** A zlib stream that repeats a chunk, created without holding the inflated data. */
function bomb(chunk: Buffer, times: number): Buffer {
  const piece = deflateRawSync(chunk, { finishFlush: zlib.Z_FULL_FLUSH });
  return join('789c', ...new Array<Buffer>(times).fill(piece));
}

function framesOf({ hostile }: Format, body: Buffer, bytes: number): [string, Buffer][] {
  const plain = join(header.none, body);
  const stream = deflateSync(body);
  const inZlib = join(header.zlib, stream);
  const altered = (frame: Buffer, at: number, value = (frame[at] as number) ^ 0x55) =>
    Buffer.from(frame.with(at, value));
  const cuts = (name: string, frame: Buffer): [string, Buffer][] => [
    ...[0.25, 0.5, 0.75].map((part): [string, Buffer] => [
      `${name}, cut at ${part}`,
      frame.subarray(0, Math.floor(frame.length * part)),
    ]),
    [`${name}, cut at its last byte`, frame.subarray(0, -1)],
  ];
  return [
    ['cut in its header', plain.subarray(0, 17)],
    ['cut after its header', plain.subarray(0, 18)],
    ...cuts('body', plain),
    ...cuts('zlib', inZlib),
    ['another version', altered(plain, 0, 4)],
    ['another compression', altered(plain, 1, 7)],
    ['no zlib at all', join(header.zlib, body)],
    ['zlib altered in the middle', altered(inZlib, 18 + (stream.length >> 1))],
    ['zlib without an end', join(header.zlib, bomb(body, 1))],
    ['wrong checksum', altered(inZlib, inZlib.length - 1)],
    ['trailing bytes', join(plain, '00000000')],
    ['trailing bytes after zlib', join(inZlib, '00000000')],
    ['trailing bytes inside zlib', join(header.zlib, deflateSync(join(body, '00000000')))],
    ...Object.entries(hostile(bytes)).flatMap(([name, hostileBody]): [string, Buffer][] => [
      [name, join(header.none, hostileBody)],
      [`${name}, in zlib`, join(header.zlib, deflateSync(hostileBody))],
    ]),
  ];
}

// Bombs in the zlib stream, for every format: zeros, and text with a ratio of fifty, which looks like honest data.
function bombs(): [string, Buffer][] {
  const lines = Array.from({ length: 4_000 }, (_, at) => `order ${(at * 7919) % 97} delivered;`);
  const text = Buffer.from(lines.join(''));
  const zeros = (mibs: number) => join(header.zlib, bomb(Buffer.alloc(mib), mibs));
  return [
    ['bomb of 2 MiB', zeros(2)],
    ['bomb of 33 MiB', zeros(33)],
    ['bomb of 1 GiB', zeros(1024)],
    ['text of 64 MiB', join(header.zlib, bomb(text, Math.ceil((64 * mib) / text.length)))],
  ];
}

/** Pseudo-random: altering a stream of equal bytes may leave it the same. */
function digitOf(at: number): number {
  return (Math.imul(at, 2_654_435_761) >>> 16) % 10;
}

/** A serialized record of about `bytes` one-byte numbers. */
async function writtenBody(serializer: Serializer, format: Format, bytes: number): Promise<Buffer> {
  const count = format.name === 'JSON' ? bytes / 2 : bytes;
  const numbers = Array.from({ length: count }, (_, at) => digitOf(at));
  const value = { next: null, numbers, text: 'text' };
  const choice = { schema: format.definition, dataFormat: format.name };
  return Buffer.from((await serializer.serialize('orders', value, choice)).subarray(18));
}

const peakMiB = () => process.resourceUsage().maxRSS / 1024;
const startMiB = peakMiB();

/** Measures and prints one kind of damage. */
function measure(name: string, frame: Buffer, reject: (frame: Buffer) => unknown) {
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
  const worstMs = times.at(-1) as number;
  const medianMs = times[times.length >> 1] as number;
  const always = medianMs >= markMs ? ', mostly' : '';
  const over = worstMs >= markMs ? `  over ${markMs} ms${always}` : '';
  console.log(
    `  ${name.padEnd(34)} ${String(frame.length).padStart(9)} B  worst ${worstMs.toFixed(2).padStart(7)} ms  median ${medianMs.toFixed(2).padStart(7)} ms  peak RSS +${(peakMiB() - before).toFixed(0)} MiB${over}`,
  );
  return { name, worstMs, medianMs };
}

const all: Record<string, ReturnType<typeof measure>[]> = {};
for (const [size, bytes] of Object.entries(sizes)) {
  for (const format of formats) {
    const schema = { schemaVersionId, dataFormat: format.name, definition: format.definition };
    const registry = {
      framing: 'glue',
      schemaById: async () => schema,
      schemaByDefinition: async () => schema,
    } as const;
    const options = { registry, formats: [format.format] };
    const deserializer = createDeserializer(options);
    const body = await writtenBody(createSerializer(options), format, bytes);
    await deserializer.deserialize(join(header.none, body));
    const measureAll = (frames: [string, Buffer][]) =>
      frames.map(([name, frame]) => measure(name, frame, deserializer.deserializeSync));
    if (size === 'small' && format.name === 'AVRO') {
      console.log('zip bombs');
      all['zip bombs'] = measureAll(bombs());
    }
    console.log(`${format.name}, ${size}`);
    const rows = measureAll(framesOf(format, body, bytes));
    const named = rows.map((row) => ({ ...row, name: `${format.name}, ${row.name}` }));
    all[size] = [...(all[size] ?? []), ...named];
  }
}

console.log('');
for (const [size, rows] of Object.entries(all)) {
  for (const by of ['worst', 'median'] as const) {
    const slowest = rows.reduce((a, b) => (b[`${by}Ms`] > a[`${by}Ms`] ? b : a));
    const over = rows.filter((row) => row[`${by}Ms`] >= markMs).length;
    console.log(
      `${size}: ${by} of ${rows.length} kinds at most ${slowest[`${by}Ms`].toFixed(2)} ms (${slowest.name}); ${over} over ${markMs} ms`,
    );
  }
}
console.log(
  `peak RSS ${startMiB.toFixed(0)} MiB at the start, ${peakMiB().toFixed(0)} MiB at the end`,
);
