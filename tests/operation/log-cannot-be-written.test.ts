import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { closeSync, constants, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { startBrokerAndRegistry } from '@order-stream/local-stack/broker-and-registry';
import {
  createDeadLetterTopic,
  numberedOrders,
  orderFramer,
  startConsumer,
} from '@order-stream/local-stack/consumer';
import { freePort } from '@order-stream/local-stack/ports';
import { type ProducerProcess, startProducer } from '@order-stream/local-stack/producer';
import { startService } from '@order-stream/local-stack/service-process';
import { committedOffsets, createTopic, readAll, writeRaw } from '@order-stream/local-stack/topics';
import { until } from '@order-stream/local-stack/until';
import { assertObserved } from './observer.ts';

const { broker, registry } = await startBrokerAndRegistry();
const { bootstrapServers } = broker;

const order = { user_id: 'operation', order_items: [{ product_id: 1, quantity: 1 }] };

function temporaryFolder(context: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'log-cannot-be-written-'));
  context.after(() => rmSync(folder, { recursive: true }));
  return folder;
}

/** A pipe with an open end that nobody reads. */
function unreadPipe(context: TestContext) {
  const path = join(temporaryFolder(context), 'pipe');
  execFileSync('mkfifo', [path]);
  const reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  let open = true;
  const close = () => {
    if (open) closeSync(reader);
    open = false;
  };
  context.after(close);
  return { path, close };
}

/** The values of a metric, by the line's name and labels. */
async function metrics(managementUrl: string, name: string): Promise<[string, number][]> {
  const text = await (await fetch(`${managementUrl}/metrics`)).text();
  return text
    .split('\n')
    .filter((line) => line.startsWith(`${name} `) || line.startsWith(`${name}{`))
    .map((line) => line.split(/ (?=[^ ]*$)/) as [string, string])
    .map(([series, value]) => [series, Number(value)]);
}

async function sumOf(managementUrl: string, name: string, labels = ''): Promise<number> {
  const series = await metrics(managementUrl, name);
  return series.filter(([key]) => key.includes(labels)).reduce((sum, [, value]) => sum + value, 0);
}

/** Posts valid and invalid orders in turn. Every answer must be the one that a service with a log would give. */
async function assertAnswersAreRight(producer: ProducerProcess, rounds: number): Promise<void> {
  for (let round = 0; round < rounds; round += 1) {
    assert.equal((await producer.post(order)).status, 201);
    const { status, body } = await producer.post({ bad: 1 });
    assert.equal(status, 422);
    assert.equal(body.type, 'urn:order-stream:problem:wrong-order');
    assert.doesNotMatch(JSON.stringify(body), /ENOSPC|EFBIG|EPIPE|EBADF|EIO/);
  }
}

async function assertCountedOnce({ managementUrl }: ProducerProcess, rounds: number) {
  const requests = 'http_server_request_duration_seconds_count';
  for (const status of [201, 422])
    assert.equal(await sumOf(managementUrl, requests, `_status_code="${status}"`), rounds);
  assert.equal(await sumOf(managementUrl, requests, 'status_code="5'), 0);
  assert.equal(await sumOf(managementUrl, 'http_server_active_requests'), 0);
}

/** How the shell starts a service with a log that fails. */
const failingLogs: Record<string, (context: TestContext) => { shell: string; fail?(): void }> = {
  'on a full device': () => ({ shell: 'exec "$@" 2>/dev/full' }),
  'that is closed': () => ({ shell: 'exec "$@" 2>&-' }),
  'that is open only for reading': () => ({ shell: 'exec "$@" 2</dev/null' }),
  'at the limit of its file': (context) => ({
    shell: `ulimit -f 4; exec "$@" 2>>${join(temporaryFolder(context), 'log')}`,
  }),
  'whose reader has ended': (context) => {
    const pipe = unreadPipe(context);
    return { shell: `exec "$@" 2>${pipe.path}`, fail: pipe.close };
  },
};

for (const [log, failing] of Object.entries(failingLogs))
  test(`F03 with a log ${log}, the producer starts, answers what is right, counts each request once, and ends with 0`, async (context) => {
    const topic = await createTopic(bootstrapServers);
    const { shell, fail } = failing(context);
    const producer = await startProducer({ bootstrapServers, registry, topic, shell });
    context.after(() => producer.kill());
    fail?.();
    const rounds = 20;
    await assertAnswersAreRight(producer, rounds);
    await assertCountedOnce(producer, rounds);
    assert.equal((await readAll(bootstrapServers, topic)).length, rounds);
    // In place of a closed stderr, Node opens /dev/null, which accepts every line.
    if (log !== 'that is closed')
      await until(
        'lost lines are counted',
        async () => (await sumOf(producer.managementUrl, lostLines)) > 0,
      );
    producer.kill('SIGTERM');
    assert.deepEqual(await producer.exited, { code: 0, signal: null });
  });

const lostLines = 'orders_log_lines_dropped_total';
const fullDevice = 'exec "$@" 2>/dev/full';

test('F03 with a log on a full device, the consumer starts, prints every order, sends dead letters, and ends with 0', async (context) => {
  const topic = await createTopic(bootstrapServers);
  const deadLetterTopic = await createDeadLetterTopic(bootstrapServers, topic);
  const frame = await orderFramer(registry, topic);
  await writeRaw(bootstrapServers, topic, [
    ...numberedOrders(0, 50).map(frame),
    ...Array.from({ length: 50 }, () => ({ value: 'poison' })),
  ]);
  const options = { bootstrapServers, registry, topic, context };
  const consumer = await startConsumer({ ...options, shell: fullDevice });
  await until('every order is printed', () => consumer.records().length === 50);
  await assertObserved([consumer], {
    bootstrapServers,
    groupId: `${topic}-group-01`,
    topics: [topic],
  });
  assert.equal((await readAll(bootstrapServers, deadLetterTopic)).length, 50);
  await until(
    'lost lines are counted',
    async () => (await sumOf(consumer.managementUrl, lostLines)) > 0,
  );
  consumer.kill('SIGTERM');
  assert.deepEqual(await consumer.exited, { code: 0, signal: null });
});

test('F03 with a log on a full device, glue-local starts, answers, and ends with 0', async (context) => {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}/healthz`;
  const glue = await startService({
    main: 'packages/glue-local/src/main.ts',
    args: ['--port', String(port)],
    env: {},
    readyUrl: url,
    shell: fullDevice,
  });
  context.after(() => glue.kill());
  assert.equal((await fetch(url)).status, 200);
  glue.kill('SIGTERM');
  assert.deepEqual(await glue.exited, { code: 0, signal: null });
});

test('F03 when the log has room again, one line reports how many were lost, and every line is whole', async (context) => {
  const topic = await createTopic(bootstrapServers);
  const log = join(temporaryFolder(context), 'log');
  const shell = `ulimit -S -f 16; exec "$@" 2>>${log}`;
  const producer = await startProducer({ bootstrapServers, registry, topic, shell });
  context.after(() => producer.kill());
  for (let posted = 0; posted < 100; posted += 1) await producer.post({ bad: posted });
  const lost = await until('lost lines are counted', async () => {
    const [[, count] = ['', 0]] = await metrics(producer.managementUrl, lostLines);
    // Once writing has failed, lines wait for the next attempt.
    return rejectedLines(log).length + count >= 99 && count;
  });
  execFileSync('prlimit', ['--pid', String(producer.pid), '--fsize=unlimited']);
  const report = await until('the loss is reported', () =>
    logLines(log).find(({ msg }) => msg === 'log lines were lost'),
  );
  assert.deepEqual([report.lines, report.reason], [lost, 'EFBIG']);
  assert.equal(rejectedLines(log).length + lost, 100);
  assert.equal(await sumOf(producer.managementUrl, lostLines), lost);
});

interface LogLine {
  msg: string;
  lines?: number;
  reason?: string;
}

/** Each whole line of a log. */
function logLines(log: string): LogLine[] {
  const lines = readFileSync(log, 'utf8').split('\n').slice(0, -1);
  return lines.map((line) => JSON.parse(line) as LogLine);
}

const rejectedLines = (log: string) =>
  logLines(log).filter(({ msg }) => msg === 'request rejected');

test('F11 while nobody reads the log, the producer answers, stays alive, and ends with 0 on SIGHUP', async (context) => {
  const topic = await createTopic(bootstrapServers);
  const shell = `exec "$@" 2>${unreadPipe(context).path}`;
  const producer = await startProducer({ bootstrapServers, registry, topic, shell });
  context.after(() => producer.kill());
  await assertAnswersAreRight(producer, 600);
  await assertCountedOnce(producer, 600);
  assert.equal((await fetch(`${producer.managementUrl}/healthz`)).status, 200);
  producer.kill('SIGHUP');
  assert.deepEqual(await producer.exited, { code: 0, signal: null });
});

test('F11 while nobody reads the log, 600 poison records do not stop the consumer, which ends with 0 on SIGHUP', async (context) => {
  const topic = await createTopic(bootstrapServers);
  const deadLetterTopic = await createDeadLetterTopic(bootstrapServers, topic);
  const frame = await orderFramer(registry, topic);
  const shell = `exec "$@" 2>${unreadPipe(context).path}`;
  const options = { bootstrapServers, registry, topic, context };
  // Only poison at first: the brake would hold its partitions.
  const brakeOff = { DLQ_LIMIT_PERCENT: '0', DLQ_LIMIT_CONSECUTIVE: '0' };
  const consumer = await startConsumer({
    ...options,
    shell,
    env: { LOG_LEVEL: 'debug', ...brakeOff },
  });
  const poison = Array.from({ length: 600 }, (_, key) => ({ key: `${key}`, value: 'poison' }));
  await writeRaw(bootstrapServers, topic, poison);
  await writeRaw(bootstrapServers, topic, numberedOrders(0, 60).map(frame));
  await until('every order is printed', () => consumer.records().length === 60);
  await assertObserved([consumer], {
    bootstrapServers,
    groupId: `${topic}-group-01`,
    topics: [topic],
  });
  assert.equal((await readAll(bootstrapServers, deadLetterTopic)).length, 600);
  assert.equal(await consumer.metric('orders_rebalances_total'), 1);
  consumer.kill('SIGHUP');
  assert.deepEqual(await consumer.exited, { code: 0, signal: null });
});

test('F11 while nobody reads log and stdout, the consumer stays alive, commits nothing unprinted, and ends with 0', async (context) => {
  const topic = await createTopic(bootstrapServers);
  const frame = await orderFramer(registry, topic);
  await createDeadLetterTopic(bootstrapServers, topic);
  await writeRaw(bootstrapServers, topic, numberedOrders(0, 2_000).map(frame));
  const pipe = unreadPipe(context);
  const consumer = await startConsumer({
    ...{ bootstrapServers, registry, topic, context },
    shell: `exec "$@" >${pipe.path} 2>&1`,
    waitUntilReady: false,
  });
  await until('the sink is full', async () =>
    (await consumer.faults('/readyz')).some((fault) =>
      fault.startsWith('the sink stdout has accepted'),
    ),
  );
  assert.deepEqual(await consumer.faults('/healthz'), []);
  consumer.kill('SIGTERM');
  assert.deepEqual(await consumer.exited, { code: 0, signal: null });
  const committed = await committedOffsets(bootstrapServers, `${topic}-group-01`, topic);
  const read = [...committed.values()].reduce((sum, offset) => sum + offset, 0n);
  assert.ok(read < 2_000n, `${read} records are committed`);
});
