import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { root } from '@order-stream/local-stack/state-folder';
import { installedPackages } from './installed-packages.ts';
import { outcomeOf, run } from './run-command.ts';

const definition = `{
  "type": "record", "name": "Order", "namespace": "shop", "doc": "An \`order\` of \${x} \\\\ */",
  "fields": [
    { "name": "id", "type": "string" },
    { "name": "cents", "type": "long" },
    { "name": "note", "type": ["null", "string"], "default": null },
    { "name": "at", "type": { "type": "long", "logicalType": "timestamp-millis" } },
    { "name": "sum", "type": { "type": "bytes", "logicalType": "decimal", "precision": 9, "scale": 2 } },
    { "name": "amount", "type": ["int", "long"] },
    { "name": "items", "type": { "type": "array", "items": {
      "type": "record", "name": "Record", "fields": [{ "name": "raw", "type": "bytes" }] } } },
    { "name": "counts", "type": { "type": "map", "values": "int" } },
    { "name": "state", "type": { "type": "enum", "name": "class", "symbols": ["NEW", "PAID"] } }
  ]
}
`;

/** Everything that the types allow. It prints `done` when the values came back. */
const right = `
const schema = { schemaVersionId: 'b7b4a7f0-9c96-4e4a-a687-fb5de9ef0c63', dataFormat: 'AVRO' as const, definition: Order.definition };
const registry = { framing: 'glue' as const, schemaById: async () => schema, schemaByDefinition: async () => schema };
const input: OrderInput = {
  id: 'a', cents: 2n ** 60n, at: new Date(7), sum: '12.50', amount: { long: 5 },
  items: [{ raw: new Uint8Array([1]) }] as const, counts: new Map([['b', 1], ['a', 2]]), state: 'NEW',
};
async function main() {
  const bytes = await createSerializer({ registry }).serialize('t', input, { schema: Order });
  const deserializer: Deserializer<Order> = createDeserializer({ registry, readerSchema: Order });
  const { value } = await deserializer.deserialize(bytes);
  for (const order of [value, Order.decode(Order.encode(input))]) {
    const cents: number | bigint = order.cents;
    const note: string | null = order.note;
    const raw: Buffer | undefined = order.items[0]?.raw;
    const amount: number | bigint = 'int' in order.amount ? order.amount.int : order.amount.long;
    const state: 'NEW' | 'PAID' = order.state;
    if (cents !== 2n ** 60n || note !== null || raw?.[0] !== 1 || amount !== 5 || state !== 'NEW') throw new Error('value');
    if (order.at.getTime() !== 7 || order.sum !== '12.50' || order.counts.a !== 2) throw new Error('logical type');
  }
  const claimed = await createDeserializer({ registry }).deserialize<Order>(bytes);
  if (claimed.value.id !== 'a') throw new Error('claim');
  const keys = createDeserializer<string>({ registry });
  const event = { eventSource: 'aws:kafka' as const, records: {} };
  await createKafkaHandler({ value: deserializer, eachRecord({ key, value }: KafkaRecord<Order>) { key?.byteLength; value?.cents; } })(event, {});
  await createKafkaHandler({ value: deserializer, key: keys, eachRecord({ key, value }) { key?.charAt(0); value?.cents; } })(event, {});
  await createKafkaHandler<Order, string>({ value: deserializer, key: keys, async eachRecord(record: KafkaRecord<Order, string>) { record.key?.charAt(0); } })(event, {});
  createKafkaHandler({ value: createDeserializer({ registry }), async eachRecord(record, context: { functionName: string }) { record.key?.byteLength; context.functionName; }, async onFailure() {} });
  console.log('done');
}
main().catch((error) => { console.error(error); process.exit(1); });
`;

/** Wrong uses; `value` is what the deserializer gives. */
const wrong = [
  "serializer.serialize('t', withoutId, { schema: Order });",
  "serializer.serialize('t', { ...input, idd: 'a' }, { schema: Order });",
  "serializer.serializeSync('t', { ...input, cents: '5' }, { schema: Order });",
  'Order.encode({ ...input, at: 7 });',
  'Order.encode({ ...input, amount: 5 });',
  "Order.encode({ ...input, state: 'GONE' });",
  'value.idd;',
  'const cents: number = value.cents;',
  'const text: string = value.note;',
  'const map: ReadonlyMap<string, number> = value.counts;',
  "const json: Deserializer<Order> = createDeserializer({ registry, readerSchema: Order, unframed: 'json' });",
  'const other: Deserializer<Order> = createDeserializer({ registry, readerSchema: Order, secondary: createDeserializer({ registry }) });',
  'const claimed: Deserializer<Order> = createDeserializer({ registry });',
  'unknownValue.id;',
  'const ofTarget: Promise<Deserialized<{ n: number }>> = orders.deserialize(bytes);',
  'const ofUnknown: Promise<Deserialized<Order>> = unknowns.deserialize(bytes);',
  'const sync: Deserialized<{ n: number }> | undefined = orders.deserializeSync(bytes);',
  'createKafkaHandler({ value: unknowns, eachRecord(record: KafkaRecord<Order>) {} });',
  'createKafkaHandler({ value: orders, eachRecord(record: KafkaRecord<{ n: number }>) {} });',
  'createKafkaHandler<Order>({ value: unknowns, eachRecord() {} });',
  'createKafkaHandler({ value: orders, eachRecord(record: KafkaRecord<Order, string>) {} });',
  'createKafkaHandler<Order, string>({ value: orders, eachRecord() {} });',
  'createKafkaHandler({ value: orders, key: unknowns, eachRecord(record: KafkaRecord<Order, string>) {} });',
  'createKafkaHandler({ value: orders, eachRecord({ key }) { key?.charAt(0); } });',
  'const decoded: Promise<KafkaRecord<Order>> = decodeKafkaRecord(event, { value: unknowns });',
  'const keyed: Promise<KafkaRecord<Order, string>> = decodeKafkaRecord(event, { value: orders });',
  'decodeKafkaRecord<Order, string>(event, { value: orders });',
];
const declared = `declare const input: OrderInput; declare const withoutId: Omit<OrderInput, 'id'>; declare const value: Order;
declare const registry: SchemaRegistry; declare const serializer: ReturnType<typeof createSerializer>; declare const unknownValue: unknown; declare const orders: Deserializer<Order>; declare const unknowns: Deserializer; declare const bytes: Uint8Array; declare const event: KafkaEventRecord;
`;

interface Way {
  compiler: string;
  extension: 'ts' | 'mts';
  options: object;
  runs: string;
}

const ways: Record<string, Way> = {
  'TypeScript 5, CommonJS': {
    compiler: join(import.meta.dirname, 'node_modules/typescript-5/bin/tsc'),
    extension: 'ts',
    options: { module: 'commonjs', moduleResolution: 'node10', esModuleInterop: true },
    runs: 'program.js',
  },
  'TypeScript 7, ES modules': {
    compiler: join(root, 'node_modules/typescript/bin/tsc'),
    extension: 'mts',
    options: { module: 'nodenext' },
    runs: 'program.mjs',
  },
};

let folder: string;
let user: string;
before(async () => {
  user = (await installedPackages()).folder;
  folder = join(user, 'typed-codecs');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'order.avsc'), definition);
});

const flags = ['--logical-type', 'timestamp=Date', '--logical-type', 'decimal=string'];
const types = (...args: string[]) => {
  const bin = join(user, 'node_modules/@order-stream/glue-schemas/dist/bin.js');
  return outcomeOf(process.execPath, [bin, 'types', 'order.avsc', ...flags, ...args], {
    cwd: folder,
  });
};

/** Writes the generated module and a program, and returns what the compiler prints. */
async function compile(
  { compiler, extension, options }: Way,
  name: string,
  program: string,
): Promise<string> {
  const project = join(folder, extension);
  mkdirSync(project, { recursive: true });
  assert.equal((await types('--out', join(project, `order.${extension}`))).code, 0);
  const from = extension === 'ts' ? './order' : './order.mjs';
  const lambda = `import { createKafkaHandler, decodeKafkaRecord, type KafkaEventRecord, type KafkaRecord } from '@order-stream/serde/lambda';`;
  const imports = `import { createDeserializer, createSerializer, type Deserialized, type Deserializer, type SchemaRegistry } from '@order-stream/serde'; ${lambda}
import { Order, type OrderInput } from '${from}';\n`;
  writeFileSync(join(project, `${name}.${extension}`), imports + program);
  const compilerOptions = {
    ...{ strict: true, exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true },
    ...{ target: 'es2022', lib: ['es2023'], types: ['node'], ...options },
  };
  const config = { compilerOptions, files: [`${name}.${extension}`] };
  writeFileSync(join(project, 'tsconfig.json'), JSON.stringify(config));
  const { stdout } = await outcomeOf(process.execPath, [compiler, '-p', project], { cwd: folder });
  return stdout;
}

for (const [name, way] of Object.entries(ways)) {
  test(`a generated codec compiles, and its values come back: ${name}`, async () => {
    assert.equal(await compile(way, 'program', right), '');
    const cwd = join(folder, way.extension);
    assert.equal(await run(process.execPath, [way.runs], { cwd }), 'done\n');
  });

  test(`each wrong use of a generated codec is an error of types: ${name}`, async () => {
    const printed = await compile(way, 'wrong', declared + wrong.join('\n'));
    const lines = [...printed.matchAll(/^\S*wrong\.m?ts\((\d+),/gm)].map(([, line]) =>
      Number(line),
    );
    // The first wrong statement is in line 5.
    const missed = wrong.filter((_, i) => !lines.includes(5 + i));
    assert.deepEqual(missed, [], printed);
    assert.ok(Math.min(...lines) >= 5, printed);
  });
}

test('--check says whether the generated module is up to date', async () => {
  const out = ['--out', join(folder, 'checked.ts')];
  assert.equal((await types(...out)).code, 0);
  assert.equal((await types(...out, '--check')).code, 0);
  writeFileSync(join(folder, 'order.avsc'), definition.replace('"cents"', '"euros"'));
  const { code, stderr } = await types(...out, '--check');
  writeFileSync(join(folder, 'order.avsc'), definition);
  assert.equal(code, 1);
  assert.match(stderr, /not up to date/);
});
