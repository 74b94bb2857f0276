/**
 * Compares framed encode and decode with raw avsc and the libraries on npm in one process. Each round runs all
 * contenders, every other round in reverse order. The ratio of a pair is the median over its rounds, by CPU time,
 * so that a busy machine has little effect. The absolute rates depend on the machine.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { deflateSync, inflateSync } from 'node:zlib';
import { SchemaRegistry as ConfluentPeer } from '@kafkajs/confluent-schema-registry';
import { GlueSchemaRegistry as GluePeer } from '@meinestadt.de/glue-schema-registry';
import avro from 'avsc';
import { glueHeader } from '../frames/glue-frame.ts';
import { inflate, inflateBySync } from '../frames/inflate.ts';
import {
  createDeserializer,
  createSerializer,
  type RegisteredSchema,
  type SchemaRegistry,
} from '../index.ts';
import { definition, order } from './order.ts';

const rounds = 21;
const roundMs = 40;

const newer = newerDefinition();
const schema = {
  schemaVersionId: 'b7b4a7f0-9c96-4e4a-a687-fb5de9ef0c63',
  schemaId: 1,
  dataFormat: 'AVRO',
  definition,
} satisfies RegisteredSchema;
const registryOf = (framing: SchemaRegistry['framing']): SchemaRegistry => ({
  framing,
  schemaById: async () => schema,
  schemaByDefinition: async () => schema,
});
const registry = registryOf('glue');
const confluent = registryOf('confluent');
const plain = createSerializer({ registry });
const confluentPlain = createSerializer({ registry: confluent });
const reader = createDeserializer({ registry });
const confluentReader = createDeserializer({ registry: confluent });
const evolving = createDeserializer({ registry, readerSchema: newer });
const choice = { schema: definition };

const raw = avro.Type.forSchema(JSON.parse(definition));
const body = raw.toBuffer(order);
const framed = await plain.serialize('orders', order, choice);
const confluentFramed = await confluentPlain.serialize('orders', order, choice);
// Our serializer does not compress so small a body; the Java library does.
const stream = deflateSync(body);
const compressed = Buffer.concat([glueHeader(schema.schemaVersionId, 'zlib'), stream]);
await reader.deserialize(framed);
await evolving.deserialize(framed);
await confluentReader.deserialize(confluentFramed);

// The peers ask for one version by HTTP, once.
const server = createServer((request, response) => {
  const glue = {
    SchemaVersionId: schema.schemaVersionId,
    SchemaDefinition: definition,
    DataFormat: 'AVRO',
    Status: 'AVAILABLE',
  };
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify(request.method === 'GET' ? { schema: definition } : glue));
});
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
const gluePeer = new GluePeer('r', {
  endpoint,
  region: 'us-east-1',
  credentials: { accessKeyId: 'a', secretAccessKey: 's' },
});
const confluentPeer = new ConfluentPeer({ host: endpoint });
await gluePeer.encode(schema.schemaVersionId, order, { compress: false });
await confluentPeer.encode(1, order);
await gluePeer.decode(framed, raw);
await confluentPeer.decode(confluentFramed);

/** A typical second version: two more fields with defaults. */
function newerDefinition(): string {
  const record = JSON.parse(definition);
  const currency = { name: 'currency', type: 'string', default: 'EUR' };
  const note = { name: 'note', type: ['null', 'string'], default: null };
  return JSON.stringify({ ...record, fields: [currency, ...record.fields, note] });
}

type Contender = () => unknown;
const contenders: Record<string, Contender> = {
  'avsc toBuffer': () => raw.toBuffer(order),
  'framed encode': () => plain.serializeSync('orders', order, choice),
  'avsc fromBuffer': () => raw.fromBuffer(body),
  'framed decode': () => reader.deserializeSync(framed),
  'evolved decode': () => evolving.deserializeSync(framed),
  'default inflateSync': () => inflateSync(stream),
  'zlib framed decode': () => reader.deserializeSync(compressed),
  'Confluent encode': () => confluentPlain.serializeSync('orders', order, choice),
  'Confluent decode': () => confluentReader.deserializeSync(confluentFramed),
};
// The peers are asynchronous only, so they are compared with our asynchronous methods.
const awaited: Record<string, () => Promise<unknown>> = {
  'framed encode, awaited': () => plain.serialize('orders', order, choice),
  'framed decode, awaited': () => reader.deserialize(framed),
  'meinestadt encode': () => gluePeer.encode(schema.schemaVersionId, order, { compress: false }),
  'meinestadt decode': () => gluePeer.decode(framed, raw),
  'kafkajs-confluent encode': () => confluentPeer.encode(1, order),
  'kafkajs-confluent decode': () => confluentPeer.decode(confluentFramed),
};

const rates = new Map<string, number[]>();
await runRounds([...Object.keys(contenders), ...Object.keys(awaited)]);

// The private handle of pooled-inflate.ts stays only while it is twice as fast as the public call. The streams of the
// public call slow down what runs between them, so these contenders have rounds of their own.
const items = Array.from({ length: 120 }, (_, i) => ({ product_id: 5947 * i, quantity: i % 9 }));
const inflateSizes = [53, 400, 4_096];
const inflaters = inflateSizes.flatMap((size) => {
  const deflated = deflateSync(JSON.stringify(items).slice(0, size));
  contenders[`pooled inflate, ${size}`] = () => inflate(deflated, 0, 1 << 20);
  contenders[`inflateSync, ${size}`] = () => inflateBySync(deflated, 0, 1 << 20);
  return [`pooled inflate, ${size}`, `inflateSync, ${size}`];
});
await runRounds(inflaters);
server.close();
server.closeAllConnections();

async function runRounds(names: readonly string[]): Promise<void> {
  for (const name of names) rates.set(name, []);
  for (let round = -2; round < rounds; round++) {
    for (const name of round % 2 === 0 ? names : names.toReversed()) {
      const rate = await ratePerSecond(name);
      if (round >= 0) rates.get(name)?.push(rate); // The first rounds are warm-up.
    }
  }
}

async function ratePerSecond(name: string): Promise<number> {
  const run = contenders[name];
  const runAwaited = awaited[name];
  const started = process.cpuUsage();
  let calls = 0;
  let elapsedMs = 0;
  do {
    if (run) for (let i = 0; i < 500; i++) run();
    else if (runAwaited) for (let i = 0; i < 500; i++) await runAwaited();
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
  console.log(`${name.padEnd(26)} ${(median(ratesOf(name)) / 1e6).toFixed(3).padStart(8)} M/s`);
}
console.log(`body ${body.length} bytes, as a zlib stream ${stream.length}`);
for (const [name, base, mark] of [
  ['framed encode', 'avsc toBuffer', 1.3],
  ['framed decode', 'avsc fromBuffer', 0.75],
  ['evolved decode', 'framed decode', 0.9],
  ['zlib framed decode', 'default inflateSync', 5],
  ...inflateSizes.map(
    (size) =>
      [`pooled inflate, ${size}`, `inflateSync, ${size}`, size > 400 ? undefined : 2] as const,
  ),
  ['Confluent encode', 'avsc toBuffer', undefined],
  ['Confluent decode', 'avsc fromBuffer', undefined],
  ['framed encode, awaited', 'avsc toBuffer', undefined],
  ['framed decode, awaited', 'avsc fromBuffer', undefined],
  ['meinestadt encode', 'avsc toBuffer', undefined],
  ['meinestadt decode', 'avsc fromBuffer', undefined],
  ['kafkajs-confluent encode', 'avsc toBuffer', undefined],
  ['kafkajs-confluent decode', 'avsc fromBuffer', undefined],
] as const) {
  const pairs = ratesOf(name).map((rate, round) => rate / (ratesOf(base)[round] as number));
  const ratio = median(pairs).toFixed(2);
  console.log(`${name} × ${base}: ${ratio}${mark ? ` (mark ${mark})` : ''}`);
}
