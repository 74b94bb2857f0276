/**
 * Writes and reads ten million records and ten thousand schemas, and prints the heap after garbage collection for
 * each million. Exits with 1 if the heap grows.
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import {
  createDeserializer,
  createSerializer,
  type RegisteredSchema,
  type SchemaRegistry,
} from '../index.ts';
import { definition, order } from './order.ts';

const millions = 10;
const schemas = 10_000;
const allowedGrowthMiB = 4;

setFlagsFromString('--expose-gc');
const collect: () => void = runInNewContext('gc');

function heapMiB(): number {
  collect();
  return process.memoryUsage().heapUsed / 2 ** 20;
}

function versionOf(number: number, text: string): RegisteredSchema {
  const schemaVersionId = `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
  return { schemaVersionId, dataFormat: 'AVRO', definition: text };
}

// Creates each version when asked and keeps none.
const registry: SchemaRegistry = {
  framing: 'glue',
  schemaById: async (id) => versionOf(Number(id.slice(-12)), variant(Number(id.slice(-12)))),
  schemaByDefinition: async (_name, _format, text) => versionOf(numberOf(text), text),
};

function variant(number: number): string {
  return number === 0 ? definition : definition.replace('"Order"', `"Order${number}"`);
}

function numberOf(text: string): number {
  return Number(/"Order(\d*)"/.exec(text)?.[1] ?? 0);
}

const serializer = createSerializer({ registry });
const deserializer = createDeserializer({ registry });
const choice = { schema: definition };
await deserializer.deserialize(await serializer.serialize('orders', order, choice));

const heaps: number[] = [];
for (let million = 0; million < millions; million++) {
  for (let i = 0; i < 1_000_000; i++) {
    const frame = serializer.serializeSync('orders', order, choice) as Buffer;
    deserializer.deserializeSync(frame);
  }
  heaps.push(heapMiB());
  console.log(`${million + 1} million records: ${heaps.at(-1)?.toFixed(1)} MiB`);
}

const bySchemas: number[] = [];
for (let number = 1; number <= schemas; number++) {
  const frame = await serializer.serialize('orders', order, { schema: variant(number) });
  await deserializer.deserialize(frame);
  if (number % 2_500 === 0) {
    bySchemas.push(heapMiB());
    console.log(`${number} schemas: ${bySchemas.at(-1)?.toFixed(1)} MiB`);
  }
}

// The first of each is warm-up: code is compiled and caches are filled.
const growth = Math.max(
  ...[heaps, bySchemas].map((line) => Math.max(...line.slice(1)) - (line[0] as number)),
);
console.log(`growth ${growth.toFixed(1)} MiB`);
process.exitCode = growth > allowedGrowthMiB ? 1 : 0;
