/**
 * Framed encode and decode against raw avsc, in one process: every round runs all contenders, one
 * round forwards and the next backwards. The ratio of a pair is the median over its rounds, by CPU
 * time, so that a busy machine disturbs it little. The absolute rates belong to the machine.
 */
import { readFileSync } from 'node:fs';
import { deflateSync, inflateSync } from 'node:zlib';
import avro from 'avsc';
import { glueHeader } from './glue-frame.ts';
import {
  createDeserializer,
  createSerializer,
  type RegisteredSchema,
  type SchemaRegistry,
} from './index.ts';

const rounds = 41;
const roundMs = 40;

const definition = readFileSync(new URL('../../../schemas/order.v1.avsc', import.meta.url), 'utf8');
const order = {
  order_id: '53263c42-81b3-4a53-8067-fcdb44fa5479',
  ordered_at: 1680745813045,
  user_id: 'dicx',
  order_items: [{ product_id: 5947, quantity: 8 }],
};

const schema = {
  schemaVersionId: 'b7b4a7f0-9c96-4e4a-a687-fb5de9ef0c63',
  dataFormat: 'AVRO',
  definition,
} satisfies RegisteredSchema;
const registry: SchemaRegistry = {
  framing: 'glue',
  schemaById: async () => schema,
  schemaByDefinition: async () => schema,
};
const plain = createSerializer({ registry });
const reader = createDeserializer({ registry });
const choice = { schema: definition };

const raw = avro.Type.forSchema(JSON.parse(definition));
const body = raw.toBuffer(order);
const framed = await plain.serialize('orders', order, choice);
// Our writer would not compress so small a body; the Java library does.
const stream = deflateSync(body);
const compressed = Buffer.concat([glueHeader(schema.schemaVersionId, 'zlib'), stream]);
await reader.deserialize(framed);

const contenders: Record<string, () => unknown> = {
  'avsc toBuffer': () => raw.toBuffer(order),
  'framed encode': () => plain.serializeSync('orders', order, choice),
  'avsc fromBuffer': () => raw.fromBuffer(body),
  'framed decode': () => reader.deserializeSync(framed),
  'default inflateSync': () => inflateSync(stream),
  'zlib framed decode': () => reader.deserializeSync(compressed),
};

const rates = new Map(Object.keys(contenders).map((name) => [name, [] as number[]]));
for (let round = -2; round < rounds; round++) {
  const names = Object.keys(contenders);
  for (const name of round % 2 === 0 ? names : names.reverse()) {
    const rate = ratePerSecond(contenders[name] as () => unknown);
    if (round >= 0) rates.get(name)?.push(rate); // The first rounds only warm up.
  }
}

function ratePerSecond(run: () => unknown): number {
  const started = process.cpuUsage();
  let calls = 0;
  let elapsedMs = 0;
  do {
    for (let i = 0; i < 500; i++) run();
    calls += 500;
    const { user, system } = process.cpuUsage(started);
    elapsedMs = (user + system) / 1000;
  } while (elapsedMs < roundMs);
  return (calls / elapsedMs) * 1000;
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] as number;
}

function ratesOf(name: string): number[] {
  return rates.get(name) as number[];
}

for (const name of rates.keys()) {
  console.log(`${name.padEnd(22)} ${(median(ratesOf(name)) / 1e6).toFixed(3).padStart(8)} M/s`);
}
console.log(`body ${body.length} bytes, as a zlib stream ${stream.length}`);
for (const [name, base, mark] of [
  ['framed encode', 'avsc toBuffer', 1.3],
  ['framed decode', 'avsc fromBuffer', 0.75],
  ['zlib framed decode', 'default inflateSync', undefined],
] as const) {
  const pairs = ratesOf(name).map((rate, round) => rate / (ratesOf(base)[round] as number));
  const ratio = median(pairs).toFixed(2);
  console.log(`${name} × ${base}: ${ratio}${mark ? ` (mark ${mark})` : ''}`);
}
