import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { CreateSchemaCommand, GlueClient } from '@aws-sdk/client-glue';
import { startBrokerAndRegistry } from '@order-stream/local-stack/broker-and-registry';
import { createDeadLetterTopic } from '@order-stream/local-stack/consumer';
import { glueSettings } from '@order-stream/local-stack/glue-local';
import { startMoto } from '@order-stream/local-stack/moto';
import { createTopic } from '@order-stream/local-stack/topics';
import { until } from '@order-stream/local-stack/until';
import { drawOrders, type Order, row, schemas } from './evolved-orders.ts';
import { createWriter, produce } from './order-writers.ts';
import { storeFiles } from './sink-folder.ts';
import { checkJars, fetchSpark, type Row, type SparkSession, startSpark } from './spark-session.ts';

const { broker, registry } = await startBrokerAndRegistry();
const { bootstrapServers } = broker;
const folder = mkdtempSync(join(tmpdir(), 'order-stream-spark-'));
/** Of each version and compression. */
const count = 40;
const orders = {
  v1: drawOrders(1, count),
  v1Zlib: drawOrders(2, count).map(withLongText),
  v2: drawOrders(3, count),
  v2Zlib: drawOrders(4, count).map(withLongText),
};
const inDollars = (order: Order) => ({ ...order, currency: 'USD' });
const onPhone = ({ user_id: _, ...order }: Order) => ({ ...order, sales_channel: 'phone' });

// Started first, and beside all else: they take longest.
const starting = [startSpark({ registry, bootstrapServers }), startMoto()] as const;
/** Values that zlib does not make smaller are not compressed. */
function withLongText(order: Order): Order {
  return { ...order, user_id: order.user_id.padEnd(200, 'x') };
}

let spark: SparkSession;
let moto: Awaited<ReturnType<typeof startMoto>>;
/** Orders of two versions, each with and without zlib. */
let mixed: string;

before(async () => {
  mixed = await newTopic();
  await createDeadLetterTopic(bootstrapServers, mixed);
  await produce({ bootstrapServers, registry, topic: mixed }, orders.v1, 'none');
  await produce({ bootstrapServers, registry, topic: mixed }, orders.v1Zlib, 'zlib');
  const writer = await writerOf(mixed);
  await writer.write(orders.v2.map(inDollars), schemas.v2);
  await writer.write(orders.v2Zlib.map(inDollars), schemas.v2, 'zlib');
  [spark, moto] = await Promise.all(starting);
});
after(async () => {
  const [session, store] = await Promise.allSettled(starting);
  if (session.status === 'fulfilled') await session.value.close();
  if (store.status === 'fulfilled') await store.value.stop();
  rmSync(folder, { recursive: true, force: true });
});

function newTopic() {
  return createTopic(bootstrapServers, { partitions: 3 });
}

async function writerOf(topic: string) {
  const writer = await createWriter({ bootstrapServers, registry, topic });
  after(() => writer.close());
  return writer;
}

/** The orders of `mixed`, as a reader with version 2 of the schema gets them. */
const mixedOrders = [
  ...[...orders.v1, ...orders.v1Zlib].map((order) => row(order, { currency: 'EUR' })),
  ...[...orders.v2, ...orders.v2Zlib].map((order) => row(order, { currency: 'USD' })),
];

/** Compares order by order, in any sequence. */
function sameOrders(actual: unknown[], expected: Row[]) {
  const byId = (rows: unknown[]) =>
    new Map((rows as Row[]).map((one) => [one.order_id as string, one]));
  const [found, wanted] = [byId(actual), byId(expected)];
  assert.equal(wanted.size, expected.length);
  for (const [id, order] of wanted) assert.deepEqual(found.get(id), order);
  assert.equal(actual.length, expected.length);
}
const orderOf = ({ order }: Row) => order;
const storedOrders = async (output: string) =>
  (await spark.parquet(`${output}/orders`)).map(orderOf);

const batchesIn = (output: string) =>
  readdirSync(join(output, 'orders'))
    .filter((name) => name.startsWith('batch='))
    .sort();

test('the jars of the example have the listed checksums', async () => {
  checkJars((await fetchSpark()).jars);
});

test('S4-05 the usual recipe reads uncompressed orders of one schema version from the earliest offset on', async () => {
  const topic = await newTopic();
  await produce({ bootstrapServers, registry, topic }, orders.v1, 'none');
  const rows = await spark.byRecipe(topic, 'FAILFAST');
  sameOrders(
    rows.map(orderOf),
    orders.v1.map((order) => row(order)),
  );
});

test('S4-06 the usual recipe makes nulls of orders of the version before, and of compressed ones', async () => {
  const rows = await spark.byRecipe(mixed, 'PERMISSIVE');
  assert.equal(rows.length, 4 * count);
  const read = rows.filter(({ order }) => Object.keys(order as Row).length > 0);
  sameOrders(
    read.map(orderOf),
    orders.v2.map((order) => row(order, { currency: 'USD' })),
  );
  await assert.rejects(spark.byRecipe(mixed, 'FAILFAST'), /Malformed records are detected/);
});

test('S4-06 the usual recipe reads a text of an older version as another field, and reports nothing', async () => {
  const topic = await newTopic();
  const writer = await writerOf(topic);
  await writer.write(orders.v1, schemas.v1);
  await writer.write(orders.v2.map(inDollars), schemas.v2);
  // Registered, and used by no record yet.
  await writer.frames([], schemas.v3);
  const rows = await spark.byRecipe(topic, 'FAILFAST');
  const wrong = [...orders.v1, ...orders.v2].map((order) =>
    row(order, { user_id: undefined, sales_channel: order.user_id }),
  );
  sameOrders(rows.map(orderOf), wrong);
});

test('S4-06 S4-11 each order is decoded by the version that it was written with, whatever the reader schema', async () => {
  const all = [...orders.v1, ...orders.v1Zlib, ...orders.v2, ...orders.v2Zlib];
  for (const [schema, expected] of [
    [schemas.v1, all.map((order) => row(order))],
    [schemas.v2, mixedOrders],
    [schemas.v3, all.map((order) => row(order, { user_id: undefined, sales_channel: 'web' }))],
  ] as const) {
    const rows = await spark.decoded({ topic: mixed }, schema);
    assert.deepEqual(
      rows.filter(({ problem }) => problem !== undefined),
      [],
    );
    sameOrders(rows.map(orderOf), expected);
  }
});

test('S4-06 a stream stores each order once, also when it is started again', async () => {
  const output = join(folder, 'restarts');
  for (const _ of ['first run', 'second run']) {
    await spark.streamOnce(mixed, schemas.v2, output, 100);
    sameOrders(await storedOrders(output), mixedOrders);
    // 160 records in batches of 100 at most.
    assert.deepEqual(batchesIn(output), ['batch=0', 'batch=1']);
  }
});

test('S4-06 a stream that is started again decodes a new schema version, and replaces a batch that was not committed', async () => {
  const topic = await newTopic();
  const writer = await writerOf(topic);
  const output = join(folder, 'later');
  const run = () => spark.streamOnce(topic, schemas.v3, output);
  await writer.write(orders.v1, schemas.v1);
  await run();
  await writer.write(orders.v2Zlib.map(onPhone), schemas.v3, 'zlib');
  await run();
  // As after a crash between the files of the second batch and its commit.
  for (const name of ['1', '.1.crc']) rmSync(join(output, '_checkpoint', 'commits', name));
  await run();
  assert.ok(existsSync(join(output, '_checkpoint', 'commits', '1')));
  sameOrders(await storedOrders(output), [
    ...orders.v1.map((order) => row(order, { user_id: undefined, sales_channel: 'web' })),
    ...orders.v2Zlib.map((order) => row(order, { user_id: undefined, sales_channel: 'phone' })),
  ]);
});

test('S4-06 a running stream decodes a schema version that is registered meanwhile', async () => {
  const topic = await newTopic();
  const writer = await writerOf(topic);
  const output = join(folder, 'running');
  await spark.stream(topic, schemas.v3, output);
  const stored = (number: number) => async () => {
    const found = await storedOrders(output);
    return found.length >= number && found;
  };
  await writer.write(orders.v1, schemas.v1);
  await until('the first version is stored', stored(count), 120_000);
  await writer.write(orders.v2Zlib.map(onPhone), schemas.v3, 'zlib');
  const found = await until('the second version is stored', stored(2 * count), 120_000);
  await spark.endStream();
  sameOrders(found, [
    ...orders.v1.map((order) => row(order, { user_id: undefined, sales_channel: 'web' })),
    ...orders.v2Zlib.map((order) => row(order, { user_id: undefined, sales_channel: 'phone' })),
  ]);
});

test('a stream fails while the registry refuses, and stores each order once afterwards', async () => {
  const topic = await newTopic();
  const writer = await writerOf(topic);
  await writer.write(orders.v1, schemas.v1);
  const output = join(folder, 'refused');
  const fault = await registry.fail({ fault: 'access-denied', actions: ['GetSchemaVersion'] });
  await assert.rejects(spark.streamOnce(topic, schemas.v1, output), /AccessDeniedException/);
  await fault.end();
  await spark.streamOnce(topic, schemas.v1, output);
  sameOrders(
    await storedOrders(output),
    orders.v1.map((order) => row(order)),
  );
  assert.deepEqual(await spark.parquet(`${output}/unreadable`), []);
});

test('records that cannot be decoded are set aside with all their bytes, and the stream goes on', async () => {
  const topic = await createTopic(bootstrapServers, { partitions: 1 });
  const writer = await writerOf(topic);
  const [good] = await writer.frames(orders.v1, schemas.v1);
  const [zlib] = await writer.frames(orders.v1Zlib, schemas.v1, 'zlib');
  assert.ok(good && zlib && zlib[1] === 5);
  const other = await writerOf(await newTopic());
  const number = {
    type: 'record',
    name: 'Order',
    namespace: 'order.v1',
    fields: [{ name: 'order_id', type: 'long' }],
  };
  const [unlike] = await other.frames([{ order_id: 2n ** 53n + 1n }], JSON.stringify(number));
  const withId = (id: string) =>
    Buffer.concat([
      good.subarray(0, 2),
      Buffer.from(id.replaceAll('-', ''), 'hex'),
      good.subarray(18),
    ]);
  const values: [string | undefined, Buffer | null | undefined][] = [
    [undefined, good],
    [undefined, null],
    ['NotAFrameError', Buffer.alloc(0)],
    ['NotAFrameError', Buffer.from('{"order_id":"plain JSON"}')],
    ['DamagedFrameError', good.subarray(0, 17)],
    ['DamagedFrameError', good.subarray(0, -1)],
    ['DamagedFrameError', Buffer.concat([good, Buffer.from([0])])],
    ['DamagedFrameError', Buffer.concat([Buffer.from([3, 1]), good.subarray(2)])],
    ['DamagedFrameError', zlib.subarray(0, -1)],
    ['DamagedFrameError', Buffer.concat([zlib, Buffer.from([0])])],
    ['UnknownSchemaError', withId(randomUUID())],
    ['FormatNotLoadedError', withId(await registerJsonSchema(topic))],
    ['ReaderSchemaMismatchError', unlike],
    [undefined, zlib],
  ];
  await writer.writeRaw(values.map(([, value]) => ({ value: value as Buffer | null })));
  const output = join(folder, 'unreadable');
  await spark.streamOnce(topic, schemas.v1, output);
  const aside = await spark.parquet(`${output}/unreadable`);
  const expected = values.flatMap(([problem, value], offset) =>
    problem === undefined
      ? []
      : [{ offset: BigInt(offset), problem, value: value?.toString('base64') }],
  );
  const byOffset = (a: Row, b: Row) => Number((a.offset as bigint) - (b.offset as bigint));
  assert.deepEqual(
    aside.sort(byOffset).map(({ offset, problem, value }) => ({ offset, problem, value })),
    expected,
  );
  const stored = await spark.parquet(`${output}/orders`);
  const [plain, inflated] = [row(orders.v1[0] as Order), row(orders.v1Zlib[0] as Order)];
  assert.deepEqual(stored.sort(byOffset).map(orderOf), [plain, undefined, inflated]);

  // The files that were set aside are decoded like a topic, here by a schema that fits one of them.
  const again = await spark.decoded({ folder: `${output}/unreadable` }, JSON.stringify(number));
  assert.deepEqual(again.filter(({ problem }) => problem === undefined).map(orderOf), [
    { order_id: 2n ** 53n + 1n },
  ]);
  const limited = await spark.decoded({ topic }, schemas.v1, { maxInflatedBytes: 50 });
  assert.equal(limited.find(({ offset }) => offset === 13n)?.problem, 'DamagedFrameError');
});

/** @returns the id of the schema version */
async function registerJsonSchema(name: string): Promise<string> {
  const { registryName, ...settings } = glueSettings(registry);
  const client = new GlueClient(settings);
  const command = new CreateSchemaCommand({
    RegistryId: { RegistryName: registryName },
    SchemaName: `${name}-json`,
    DataFormat: 'JSON',
    Compatibility: 'NONE',
    SchemaDefinition: '{"type":"object"}',
  });
  const { SchemaVersionId } = await client.send(command);
  client.destroy();
  return SchemaVersionId as string;
}

test('keys with a frame are decoded like values', async () => {
  const topic = await newTopic();
  const writer = await writerOf(topic);
  const keys = await writer.frames(orders.v1, schemas.v1);
  await writer.writeRaw(keys.map((key) => ({ key, value: null })));
  const rows = await spark.decoded({ topic }, schemas.v2, { column: 'key' });
  sameOrders(
    rows.map(orderOf),
    orders.v1.map((order) => row(order, { currency: 'EUR' })),
  );
});

test('the JSON and Avro files of the S3 sink are read with exact integers, timestamps and defaults', async (context) => {
  const rich = await newTopic();
  await createDeadLetterTopic(bootstrapServers, rich);
  const writer = await writerOf(rich);
  await writer.write([richRecord], JSON.stringify(richSchema));
  const read = async (format: 'json' | 'avro') => {
    const shared = { context, moto, bootstrapServers, registry, folder };
    const [orderFolder = '', richFolder = ''] = await storeFiles({
      ...shared,
      topics: [mixed, rich],
      format,
    });
    const rows = await spark.files(format, orderFolder, schemas.v2);
    sameOrders(
      rows.map(({ partition: _, ...order }) => order),
      mixedOrders,
    );
    return { orderFolder, rich: await spark.files(format, richFolder, JSON.stringify(richSchema)) };
  };
  const { rich: fromAvro } = await read('avro');
  const { rich: fromJson, orderFolder } = await read('json');
  assert.equal(fromAvro.length, 1);
  assert.deepEqual(fromJson, fromAvro);

  const tooLarge =
    '{"order_id":"a","ordered_at":0,"user_id":"b","order_items":[{"product_id":9223372036854775808,"quantity":1}]}';
  writeFileSync(join(orderFolder, 'partition=0', 'other.json'), `${tooLarge}\n`);
  const rows = await spark.files('json', orderFolder, schemas.v2);
  assert.deepEqual(
    rows.flatMap(({ _corrupt_record: corrupt = [] }) => corrupt),
    [tooLarge],
  );
  assert.equal(rows.length, 4 * count + 1);
});

const richSchema = {
  type: 'record',
  name: 'Rich',
  fields: [
    { name: 'boolean', type: 'boolean' },
    { name: 'int', type: 'int' },
    { name: 'double', type: 'double' },
    { name: 'bytes', type: 'bytes' },
    { name: 'decimal', type: { type: 'bytes', logicalType: 'decimal', precision: 12, scale: 2 } },
    { name: 'date', type: { type: 'int', logicalType: 'date' } },
    { name: 'micros', type: { type: 'long', logicalType: 'timestamp-micros' } },
    {
      name: 'times',
      type: { type: 'array', items: { type: 'long', logicalType: 'timestamp-millis' } },
    },
    { name: 'map', type: { type: 'map', values: ['null', { type: 'int', logicalType: 'date' }] } },
    { name: 'colour', type: { type: 'enum', name: 'Colour', symbols: ['RED', 'BLUE'] } },
    { name: 'absent', type: ['null', 'string'] },
  ],
};
const richRecord = {
  ...{
    boolean: true,
    int: -5,
    double: 1e300,
    bytes: Buffer.from([0, 255]),
    decimal: Buffer.from([0xfb, 0x32]),
  },
  ...{
    date: -719_162,
    micros: -62_135_596_800_000_001n + 2n,
    times: [-1, 0],
    map: { a: 1, b: null },
  },
  ...{ colour: 'BLUE', absent: null },
};
