import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { after, before, test } from 'node:test';
import { promisify, stripVTControlCharacters } from 'node:util';
import { printedOrder, referenceOrder } from '@order-stream/local-stack/reference-order';
import { rawKafka } from '@order-stream/local-stack/topics';
import { until } from '@order-stream/local-stack/until';
import { type ComposeStack, composeStack } from './compose-stack.ts';
import { runbookCommands } from './runbook-commands.ts';

// COMPOSE_LEFT_OUT lists services whose images this machine cannot pull, separated by commas.
const leftOut = (process.env.COMPOSE_LEFT_OUT ?? '').split(',');

let stack: ComposeStack;
let services: string[];

before(async () => {
  stack = await composeStack();
  const all = (await stack.compose('config', '--services')).trim().split('\n');
  services = all.filter((service) => !leftOut.includes(service));
  await stack.up(services);
});

after(async () => {
  await stack.end();
});

interface Decoded {
  topic: string;
  partition: number;
  offset: number;
  value: typeof referenceOrder;
}

async function decodedOrders(): Promise<Decoded[]> {
  const log = await stack.compose('logs', '--no-color', '--no-log-prefix', 'consumer');
  return (
    log
      .split('\n')
      // Compose writes a control sequence before each line, even without colours.
      .map((line) => stripVTControlCharacters(line))
      .filter((line) => line.startsWith('{"topic":'))
      .map((line) => JSON.parse(line) as Decoded)
  );
}

/** The engine's description of each container of the service. */
async function inspect(service: string) {
  const ids = (await stack.compose('ps', '--all', '--quiet', service)).trim().split('\n');
  return JSON.parse(await stack.docker('inspect', ...ids));
}

test('D-06 after docker compose up, without flags or accounts, every service is healthy', async () => {
  for (const service of services) {
    const [{ State: state }] = await inspect(service);
    if (service === 'topics') assert.deepEqual([state.Status, state.ExitCode], ['exited', 0]);
    else if (service === 'loadgen') assert.equal(state.Status, 'running');
    else assert.equal(state.Health.Status, 'healthy', service);
  }
});

test('D-03 D-06 S0-02 an order posted by curl to the published port is acknowledged, and the consumer’s log has it decoded', async () => {
  const { stdout } = await promisify(execFile)('curl', [
    ...['--silent', '--show-error', '--max-time', '15', '--write-out', '\n%{http_code}'],
    ...['--header', 'content-type: application/json', '--data', JSON.stringify(referenceOrder)],
    `${stack.producerUrl}/orders`,
  ]);
  const [body = '', status] = stdout.split('\n');
  assert.equal(status, '201', body);
  const receipt = JSON.parse(body);
  assert.equal(receipt.order_id, referenceOrder.order_id);
  const decoded = await until('the order in the consumer’s log', async () =>
    (await decodedOrders()).find(
      ({ partition, offset }) =>
        partition === receipt.partition && String(offset) === receipt.offset,
    ),
  );
  assert.deepEqual(decoded.value, printedOrder(referenceOrder));
});

test('D-06 S0-13 the consumer keeps decoding the orders of five concurrent generators', async () => {
  await stack.compose('up', '--detach', '--no-recreate', '--scale', 'loadgen=5', 'loadgen');
  assert.equal((await inspect('loadgen')).length, 5);
  const seen = (await decodedOrders()).length;
  await until('100 more decoded orders', async () => (await decodedOrders()).length >= seen + 100);
});

test('S0-24 the host sees the topics that the topics job created', async () => {
  const admin = rawKafka(stack.kafkaServers).admin();
  await admin.connect();
  try {
    const { topics } = await admin.fetchTopicMetadata({ topics: ['orders', 'orders.dlq'] });
    assert.deepEqual(topics.map(({ name, partitions }) => [name, partitions.length]).sort(), [
      ['orders', 6],
      ['orders.dlq', 6],
    ]);
  } finally {
    await admin.disconnect();
  }
});

test('D-05 the images run as user 1000 with a read-only root file system and no capabilities', async () => {
  for (const service of ['producer', 'consumer', 'glue-local', 'loadgen']) {
    const [{ Config: config, HostConfig: host }] = await inspect(service);
    assert.deepEqual([host.ReadonlyRootfs, host.CapDrop], [true, ['ALL']], service);
    const image = JSON.parse(await stack.docker('image', 'inspect', config.Image))[0];
    assert.equal(image.Config.User, '1000:1000', config.Image);
    const probe = `const fs = require('node:fs');
      let refused; try { fs.writeFileSync('/app/x', ''); } catch (error) { refused = error.code; }
      const effective = /CapEff:\\t(\\w+)/.exec(fs.readFileSync('/proc/self/status', 'utf8'))[1];
      console.log(JSON.stringify([process.getuid(), refused, BigInt('0x' + effective) === 0n]));`;
    const seen = await stack.compose('exec', '--no-TTY', service, 'node', '-e', probe);
    assert.deepEqual(JSON.parse(seen), [1000, 'EROFS', true], service);
  }
});

/** Runs a command of the runbook in the broker's container, which has Kafka's tools. Returns its output. */
function runKafka(command: string, names: Record<string, string> = {}): Promise<string> {
  const filled = Object.entries({ $K: '--bootstrap-server kafka:19092', ...names }).reduce(
    (text, [name, value]) => text.replaceAll(name, value),
    command,
  );
  const exec = ['exec', '--no-TTY', '--workdir', '/tmp', '--env', 'KAFKA_HEAP_OPTS=-Xmx64m'];
  return stack.compose(...exec, 'kafka', 'bash', '-c', `/opt/kafka/bin/${filled}`);
}

const committed = async (groupId: string) => {
  const admin = rawKafka(stack.kafkaServers).admin();
  await admin.connect();
  try {
    const [orders] = await admin.fetchOffsets({ groupId, topics: ['orders'] });
    return orders?.partitions.map(({ partition, offset }) => `${partition}: ${offset}`).sort();
  } finally {
    await admin.disconnect();
  }
};

test('the runbook’s replay shows and then resets a group’s offsets, and its consumer reads all records again', async () => {
  const [describe = '', look = ''] = runbookCommands('Replay');
  await stack.compose('stop', 'consumer');
  await until('the group has no member', async () => {
    const rows = (await runKafka(describe)).split('\n').filter((row) => row.includes(' orders '));
    return rows.length > 0 && rows.every((row) => /- +- +- *$/.test(row));
  });
  const before = await committed('orders-group-01');
  assert.match(await runKafka(look), /orders-group-01\s+orders\s+0\s+0\n/);
  assert.deepEqual(await committed('orders-group-01'), before);
  await runKafka(look.replace('--dry-run', '--execute'));
  assert.deepEqual(
    await committed('orders-group-01'),
    before?.map((_, partition) => `${partition}: 0`),
  );
  const id = referenceOrder.order_id;
  const printed = async () =>
    (await decodedOrders()).filter(({ value }) => value.order_id === id).length;
  const once = await printed();
  await stack.compose('start', 'consumer');
  await until('the first order is printed again', async () => (await printed()) > once);
});

test('with the runbook’s commands to move a group, the new group begins where the old one stopped', async () => {
  const names = { OLD: 'orders-group-01', NEW: 'orders-group-02' };
  const [save = '', load = '', remove = ''] = runbookCommands('Move a group');
  await stack.compose('stop', 'consumer');
  const before = await committed(names.OLD);
  await until('the group has no member', () => runKafka(save, names));
  await runKafka(load, names);
  assert.deepEqual(await committed(names.NEW), before);
  assert.match(await runKafka(remove, names), /successful/);
  await stack.compose('start', 'consumer');
});

test('the runbook’s command raises the size limit of an existing dead-letter topic', async () => {
  const [raise = ''] = runbookCommands('A dead-letter topic from before');
  assert.match(await runKafka(raise), /Completed updating config for topic orders\.dlq/);
});

test('SIGTERM ends producer, consumer, registry and generator with exit code 0', async () => {
  const stopped = ['loadgen', 'producer', 'consumer', 'glue-local'];
  await stack.compose('stop', ...stopped);
  for (const service of stopped) {
    for (const { State: state } of await inspect(service)) assert.equal(state.ExitCode, 0, service);
  }
});

test('docker compose down -v leaves no container, volume or network', async () => {
  await stack.compose('down', '--volumes');
  const label = `label=com.docker.compose.project=${stack.project}`;
  for (const kind of [
    ['ps', '--all'],
    ['volume', 'ls'],
    ['network', 'ls'],
  ]) {
    assert.equal(await stack.docker(...kind, '--quiet', '--filter', label), '', kind[0]);
  }
});
