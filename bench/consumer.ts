// `npm run bench:consumer` compares the shipped service, with stdout to /dev/null, with a kafkajs eachBatch that only counts.
// Runs are paired and interleaved (A B B A …). Each run is a new process and group that reads a backlog from a real broker.
// Options: --orders 1000000, --rounds 5, --batch 500 (records per partition and produce request). Flags of node apply to both
// and override the service's flags. Requires Linux and an otherwise idle machine.
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { openSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { createDeadLetterTopic, orderFramer } from '@order-stream/local-stack/consumer';
import { glueEnvironment, startGlueLocal } from '@order-stream/local-stack/glue-local';
import { startFastBroker } from '@order-stream/local-stack/kafka-broker';
import { freePort } from '@order-stream/local-stack/ports';
import { root } from '@order-stream/local-stack/state-folder';
import { createTopic, rawKafka } from '@order-stream/local-stack/topics';
// kafkajs 2.2.4 without our patch.
import kafkajs from 'kafkajs-as-published';
import { cpuSeconds, median, peakRssMiB } from './process-usage.ts';

const partitions = 6;
// The flags of the service's image.
const shippedFlags = ['--max-semi-space-size=16'];
// Each sample takes some milliseconds of the service's time.
const samplingMs = 250;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    orders: { type: 'string', default: '1000000' },
    rounds: { type: 'string', default: '5' },
    batch: { type: 'string', default: '500' },
    raw: { type: 'boolean', default: false },
  },
});
const orders = Number(values.orders);

interface Run {
  perSecond: number;
  cpuMicros: number;
  peakRssMiB: number;
}

/** The baseline: kafkajs reads the records and only counts them. */
async function consumeRaw(bootstrapServers: string, topic: string): Promise<void> {
  const kafka = new kafkajs.Kafka({
    brokers: bootstrapServers.split(','),
    logLevel: kafkajs.logLevel.NOTHING,
  });
  const consumer = kafka.consumer({ groupId: `raw-${randomUUID()}` });
  await consumer.connect();
  await consumer.subscribe({ topics: [topic], fromBeginning: true });
  const all = Promise.withResolvers<void>();
  let consumed = 0;
  let first = 0;
  let startedAt = 0;
  let cpuAtStart = 0;
  await consumer.run({
    eachBatch: async ({ batch }) => {
      consumed += batch.messages.length;
      if (startedAt === 0) {
        first = consumed;
        startedAt = performance.now();
        cpuAtStart = cpuSeconds(process.pid);
      }
      if (consumed >= orders) all.resolve();
    },
  });
  await all.promise;
  const records = consumed - first;
  const run: Run = {
    perSecond: (records * 1000) / (performance.now() - startedAt),
    cpuMicros: ((cpuSeconds(process.pid) - cpuAtStart) * 1e6) / records,
    peakRssMiB: peakRssMiB(process.pid),
  };
  process.stdout.write(`${JSON.stringify(run)}\n`);
  await consumer.disconnect();
}

async function runRaw(bootstrapServers: string, topic: string): Promise<Run> {
  const flags = [...process.execArgv, '--disable-warning=TimeoutNegativeWarning'];
  const args = ['--raw', '--orders', values.orders, bootstrapServers, topic];
  const child = spawn(process.execPath, [...flags, import.meta.filename, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  for await (const chunk of child.stdout) text += chunk;
  return JSON.parse(text) as Run;
}

async function runService(
  bootstrapServers: string,
  topic: string,
  registry: { endpoint: string },
): Promise<Run> {
  const managementPort = await freePort();
  const main = join(root, 'services/order-consumer/src/main.ts');
  const child = spawn(process.execPath, [...shippedFlags, ...process.execArgv, main], {
    stdio: ['ignore', openSync('/dev/null', 'w'), 'ignore'],
    env: {
      ...process.env,
      ...glueEnvironment(registry),
      BOOTSTRAP_SERVERS: bootstrapServers,
      TOPIC_NAMES: topic,
      GROUP_ID: `bench-${randomUUID()}`,
      HOST: '127.0.0.1',
      MANAGEMENT_PORT: String(managementPort),
      DRAIN_DELAY_MS: '0',
    },
  });
  const pid = child.pid as number;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const samples: { consumed: number; at: number; cpuSeconds: number }[] = [];
  for (let consumed = 0; consumed < orders; ) {
    await delay(samplingMs);
    consumed = await consumedRecords(managementPort);
    if (consumed > 0)
      samples.push({ consumed, at: performance.now(), cpuSeconds: cpuSeconds(pid) });
  }
  const peak = peakRssMiB(pid);
  child.kill('SIGTERM');
  await ended;
  // The last sample includes idle time after the end.
  const [first, last] = [samples[0], samples.at(-2)];
  if (first === undefined || last === undefined || first === last)
    throw new Error('too few orders to measure: set a higher --orders');
  const records = last.consumed - first.consumed;
  return {
    perSecond: (records * 1000) / (last.at - first.at),
    cpuMicros: ((last.cpuSeconds - first.cpuSeconds) * 1e6) / records,
    peakRssMiB: peak,
  };
}

async function consumedRecords(managementPort: number): Promise<number> {
  try {
    const answer = await fetch(`http://127.0.0.1:${managementPort}/metrics`);
    const line = /^messaging_client_consumed_messages_total\{.*\} (\d+)$/m;
    return Number(line.exec(await answer.text())?.[1] ?? 0);
  } catch {
    return 0;
  }
}

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

async function main(): Promise<void> {
  const [broker, registry] = await Promise.all([startFastBroker(), startGlueLocal()]);
  const { bootstrapServers } = broker;
  const topic = await createTopic(bootstrapServers, { partitions, prefix: 'bench' });
  await createDeadLetterTopic(bootstrapServers, topic);
  process.stderr.write(`writing ${orders} orders to Kafka (${broker.kind})\n`);
  await fill(bootstrapServers, topic, registry);
  const raw: Run[] = [];
  const service: Run[] = [];
  const show = (name: string, { perSecond, cpuMicros, peakRssMiB }: Run) =>
    process.stdout.write(
      `${name.padEnd(8)} ${(perSecond / 1000).toFixed(0).padStart(6)} k/s ${cpuMicros.toFixed(2)} µs CPU a record, peak RSS ${peakRssMiB.toFixed(0)} MiB\n`,
    );
  for (let round = 0; round < Number(values.rounds); round += 1) {
    const pair = [
      async () => raw.push(await runRaw(bootstrapServers, topic)),
      async () => service.push(await runService(bootstrapServers, topic, registry)),
    ];
    for (const run of round % 2 === 0 ? pair : pair.toReversed()) await run();
    show('raw', raw.at(-1) as Run);
    show('service', service.at(-1) as Run);
  }
  const ratios = service.map((one, round) => one.perSecond / (raw[round] as Run).perSecond);
  const cpuRatios = service.map((one, round) => (raw[round] as Run).cpuMicros / one.cpuMicros);
  process.stdout.write(
    `service / raw, median of ${ratios.length}: ${median(ratios).toFixed(2)} by time, ${median(cpuRatios).toFixed(2)} by CPU; ` +
      `peak RSS ${median(service.map((one) => one.peakRssMiB)).toFixed(0)} MiB against ${median(raw.map((one) => one.peakRssMiB)).toFixed(0)}\n`,
  );
  await registry.close();
  await broker.stop();
}

if (values.raw) await consumeRaw(...(positionals as [string, string]));
else await main();
