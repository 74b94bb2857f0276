// `npm run bench:consumer` compares the shipped service, with stdout to /dev/null, with a kafkajs eachBatch that only counts; with
// `--sink dynamodb`, it compares with the AWS SDK alone. Runs are paired and interleaved (A B B A …). Each run is a new process and
// group that reads a backlog from a real broker. Options: --orders 1000000 (dynamodb: 100000), --rounds 5, --batch 500 (records per
// partition and produce request), --sink stdout, s3 or dynamodb, --file 100000 (records in a file of S3; orders are rounded up to
// whole files). The stores answer at once and keep nothing. Flags of node apply to all processes and override the service's flags.
// Requires Linux and an otherwise idle machine.
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createDeadLetterTopic, orderFramer } from '@order-stream/local-stack/consumer';
import { glueEnvironment, startGlueLocal } from '@order-stream/local-stack/glue-local';
import { startFastBroker } from '@order-stream/local-stack/kafka-broker';
import { createTopic, rawKafka } from '@order-stream/local-stack/topics';
import { median, type Run, runFile } from './process-usage.ts';
import { runService, type ServiceRun } from './service-run.ts';

const partitions = 6;
const smallFile = 100;

const { values } = parseArgs({
  options: {
    orders: { type: 'string' },
    rounds: { type: 'string', default: '5' },
    batch: { type: 'string', default: '500' },
    sink: { type: 'string', default: 'stdout' },
    file: { type: 'string', default: '100000' },
  },
});
const { sink } = values;
const fewest = Number(values.orders ?? (sink === 'dynamodb' ? 100_000 : 1_000_000));
// A file that is not full would wait for the end of the day.
const step = sink === 's3' ? partitions * Number(values.file) : 1;
const orders = Math.ceil(fewest / step) * step;

/** Starts the endpoint of the stores, in a process of its own. */
async function startStores() {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'store-endpoint.ts')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  return { endpoint: `http://127.0.0.1:${String(line).trim()}`, stop: () => child.kill() };
}

const storeEnvironment = (endpoint: string, recordsInFile: number) => ({
  SINKS: sink,
  AWS_ENDPOINT_URL_S3: endpoint,
  AWS_ENDPOINT_URL_DYNAMODB: endpoint,
  S3_BUCKET: 'bench',
  S3_FORCE_PATH_STYLE: 'true',
  S3_FLUSH_RECORDS: String(recordsInFile),
  // No file is closed by the time while others fill.
  S3_FLUSH_MS: '86400000',
  DYNAMODB_TABLE: 'bench',
});

async function fill(
  bootstrapServers: string,
  topic: string,
  registry: { endpoint: string },
): Promise<void> {
  const frame = await orderFramer(registry, topic);
  const producer = rawKafka(bootstrapServers).producer({ allowAutoTopicCreation: false });
  await producer.connect();
  const perRequest = Number(values.batch) * partitions;
  for (let written = 0; written < orders; ) {
    const count = Math.min(perRequest, orders - written);
    const messages = Array.from({ length: count }, (_, i) => ({
      ...frame({
        order_id: randomUUID(),
        ordered_at: Date.now(),
        user_id: 'dicxa',
        order_items: [{ product_id: 1 + ((written + i) % 9999), quantity: 1 + (i % 10) }],
      }),
      partition: i % partitions,
    }));
    await producer.sendBatch({ topicMessages: [{ topic, messages }] });
    written += count;
  }
  await producer.disconnect();
}

function show(name: string, { perSecond, cpuMicros, peakRssMiB }: Run): void {
  const rate = (perSecond / 1000).toFixed(sink === 'dynamodb' ? 1 : 0).padStart(6);
  const cpu = cpuMicros.toFixed(2);
  process.stdout.write(
    `${name.padEnd(8)} ${rate} k/s ${cpu} µs CPU a record, peak RSS ${peakRssMiB.toFixed(0)} MiB\n`,
  );
}

async function main(): Promise<void> {
  const [broker, registry, stores] = await Promise.all([
    startFastBroker(),
    startGlueLocal(),
    startStores(),
  ]);
  const { bootstrapServers } = broker;
  const topic = await createTopic(bootstrapServers, { partitions, prefix: 'bench' });
  await createDeadLetterTopic(bootstrapServers, topic);
  process.stderr.write(`writing ${orders} orders to Kafka (${broker.kind})\n`);
  await fill(bootstrapServers, topic, registry);

  const baseline = sink === 'dynamodb' ? 'the SDK' : 'raw';
  const runBaseline = () =>
    sink === 'dynamodb'
      ? runFile('sdk-writer.ts', [stores.endpoint, String(orders)])
      : runFile('raw-consumer.ts', [bootstrapServers, topic, String(orders)]);
  const runSink = (recordsInFile: number) =>
    runService({
      orders,
      environment: {
        ...glueEnvironment(registry),
        ...storeEnvironment(stores.endpoint, recordsInFile),
        BOOTSTRAP_SERVERS: bootstrapServers,
        TOPIC_NAMES: topic,
      },
      countsWhole: sink === 's3',
    });
  const base: Run[] = [];
  const service: ServiceRun[] = [];
  for (let round = 0; round < Number(values.rounds); round += 1) {
    const pair = [
      async () => base.push(await runBaseline()),
      async () => service.push(await runSink(Number(values.file))),
    ];
    for (const run of round % 2 === 0 ? pair : pair.toReversed()) await run();
    show(baseline, base.at(-1) as Run);
    const last = service.at(-1) as ServiceRun;
    show('service', last);
    const [first, end] = last.thirdsMiB.map((one) => one.toFixed(0));
    process.stdout.write(`RSS: ${first} MiB in the first third of the time, ${end} in the last\n`);
  }
  const ratios = service.map((one, round) => one.perSecond / (base[round] as Run).perSecond);
  const cpuRatios = service.map((one, round) => (base[round] as Run).cpuMicros / one.cpuMicros);
  process.stdout.write(
    `service / ${baseline}, median of ${ratios.length}: ${median(ratios).toFixed(2)} by time, ${median(cpuRatios).toFixed(2)} by CPU; ` +
      `peak RSS ${median(service.map((one) => one.peakRssMiB)).toFixed(0)} MiB against ${median(base.map((one) => one.peakRssMiB)).toFixed(0)}\n`,
  );
  if (sink === 's3') {
    const small = await runSink(smallFile);
    show(`files of ${smallFile}`, small);
    const ratio = small.perSecond / median(base.map(({ perSecond }) => perSecond));
    process.stdout.write(`files of ${smallFile} / raw: ${ratio.toFixed(2)} by time\n`);
  }
  stores.stop();
  await registry.close();
  await broker.stop();
}

await main();
