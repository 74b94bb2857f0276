import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { type Broker, startBroker } from '@order-stream/local-stack/kafka-broker';
import { root } from '@order-stream/local-stack/state-folder';
import { createTopic } from '@order-stream/local-stack/topics';
import { until } from '@order-stream/local-stack/until';
import { createOrdersRun, jsonLines } from '../integration/orders-command.ts';
import { createConnectWorker } from './connect-worker.ts';
import { createWorkerCertificates } from './worker-certificates.ts';

const folder = mkdtempSync(join(tmpdir(), 'orders-connect-'));
const input = join(folder, 'input.txt');
const output = join(folder, 'missing', 'output.txt');
const text = 'org.apache.kafka.connect.storage.StringConverter';

let broker: Broker;
let worker: Awaited<ReturnType<typeof createConnectWorker>>;
let clientFiles: ReturnType<typeof createWorkerCertificates>;
let connect: ReturnType<typeof createOrdersRun>;
let topic: string;

before(async () => {
  broker = await startBroker();
  clientFiles = createWorkerCertificates(folder);
  worker = await createConnectWorker(broker.bootstrapServers, folder);
  connect = createOrdersRun({ CONNECT_URL: worker.url });
  topic = await createTopic(broker.bootstrapServers, { partitions: 2 });
  writeFileSync(input, 'one\ntwo\n');
});
after(async () => {
  await worker?.stop();
  await broker?.stop();
  rmSync(folder, { recursive: true });
});

function connectorFile(name: string, config: Record<string, unknown>): string {
  const file = join(folder, `${name}.json`);
  writeFileSync(file, JSON.stringify({ name, config }));
  return file;
}

const sourceConfig = () => ({
  'connector.class': 'FileStreamSource',
  'tasks.max': 1,
  'value.converter': text,
  file: input,
  topic,
});
const sinkConfig = () => ({
  'connector.class': 'org.apache.kafka.connect.file.FileStreamSinkConnector',
  'tasks.max': '2',
  'key.converter': text,
  'value.converter': text,
  topics: topic,
  file: output,
});

const metrics = async () => (await fetch(worker.metricsUrl)).text();

const run = (...argv: string[]) => connect.run(['connect', ...argv]);

test('apply waits for a worker that starts, creates a connector, and leaves it alone the second time', async () => {
  const file = connectorFile('source', sourceConfig());
  const waiting = connect.start(['connect', 'apply', file, '--wait', '300']);
  await worker.start();
  const created = await waiting.ended;
  const log = worker.lastLines().join('\n');
  assert.equal(created.code, 0, `${created.stderr}\n${log}`);
  assert.equal(created.stdout, 'source: created\nsource: RUNNING, 1 task\n');
  assert.match(created.stderr, /waiting: no answer from .*ECONNREFUSED/);

  const again = await run('apply', file);
  assert.deepEqual(again, {
    ...{ code: 0, stdout: 'source: unchanged\nsource: RUNNING, 1 task\n', stderr: '' },
  });
});

test('apply names the properties that change, and --dry-run changes none', async () => {
  const changed = { ...sourceConfig(), 'batch.size': 500, 'database.password': 'geheim' };
  const file = connectorFile('source', changed);
  const expected = 'source: changed\n  + batch.size = "500"\n  + database.password = [hidden]\n';
  const shown = await run('apply', file, '--dry-run');
  assert.deepEqual(shown, {
    ...{ code: 0, stdout: `${expected}Nothing was applied: --dry-run\n`, stderr: '' },
  });
  const applied = await run('apply', file);
  assert.deepEqual([applied.code, applied.stdout], [0, `${expected}source: RUNNING, 1 task\n`]);
  const reverted = await run('apply', connectorFile('source', sourceConfig()), '--json');
  assert.deepEqual(jsonLines(reverted.stdout), [
    {
      name: 'source',
      outcome: 'changed',
      dry_run: false,
      changes: [
        { property: 'batch.size', from: '500', to: null },
        { property: 'database.password', from: '[hidden]', to: null },
      ],
      state: 'RUNNING',
      tasks: ['RUNNING'],
      failures: [],
    },
  ]);
});

test('a configuration that Connect refuses is reported with its messages, and no file is applied', async () => {
  const bad = {
    'connector.class': 'FileStreamSink',
    'tasks.max': 'many',
    'value.converter': 'no.X',
  };
  const files = [connectorFile('fine', sourceConfig()), connectorFile('bad', bad)];
  const { code, stdout, stderr } = await run('apply', ...files);
  assert.deepEqual([code, stdout], [1, '']);
  assert.match(stderr, /: bad: tasks\.max: Invalid value many for configuration tasks\.max/);
  assert.match(stderr, /: bad: value\.converter: .*Class no\.X could not be found/);
  assert.match(stderr, /: bad: topics: Must configure one of topics or topics\.regex\n/);
  assert.match(stderr, /: nothing was applied\n$/);
  const { stderr: missing } = await run('status', 'fine');
  assert.match(missing, /connector 'fine' does not exist .* existing: source/);
});

test('a failed task is an error of apply and status with its reason, until restart --failed after the remedy', async () => {
  const applied = await run('apply', connectorFile('sink', sinkConfig()));
  const reason = /sink task [01] FAILED: .*Couldn't find or create file .*NoSuchFileException/;
  assert.equal(applied.code, 1);
  assert.equal(applied.stdout, 'sink: created\nsink: does not run\n');
  assert.match(applied.stderr, reason);

  const status = await run('status');
  assert.equal(status.code, 1);
  assert.match(status.stdout, /^sink +sink +- +RUNNING /m);
  assert.match(status.stdout, /^sink +sink +1 +FAILED .*Couldn't find or create file/m);
  assert.match(status.stdout, /^source +source +0 +RUNNING /m);
  assert.match(status.stderr, /sink task 0 is FAILED, sink task 1 is FAILED\n$/);

  const failedTasks =
    'kafka_connect_connect_worker_metrics_connector_failed_task_count{connector="sink"} 2.0';
  await until('the metric of ConnectorTaskFailed counts both tasks', async () =>
    (await metrics()).includes(failedTasks),
  );
  const failing = await run('restart', '--failed', '--yes');
  assert.equal(failing.code, 1);
  assert.match(failing.stderr, reason);

  mkdirSync(join(output, '..'));
  const restarted = await run('restart', '--failed', '--yes');
  assert.deepEqual([restarted.code, restarted.stderr], [0, '']);
  assert.match(restarted.stdout, /\nsink: restarted, runs\n$/);
  await until(
    'the sink has written both lines',
    () => readFileSync(output, 'utf8') === 'one\ntwo\n',
  );
  const { code, stdout } = await run('status', 'sink', '--json');
  assert.equal(code, 0);
  const [line] = jsonLines<{ state: string; tasks: { id: number; state: string }[] }>(stdout);
  assert.deepEqual(
    line?.tasks.map(({ id, state }) => [id, state]),
    [
      [0, 'RUNNING'],
      [1, 'RUNNING'],
    ],
  );
});

test('a worker exposes every metric of Kafka Connect that an alert asks for', async () => {
  const rules = readFileSync(join(root, 'docker/prometheus/rules/connect.yml'), 'utf8');
  const asked = new Set(rules.match(/\bkafka_connect_\w+/g));
  const exposed = new Set((await metrics()).match(/^\w+/gm));
  assert.ok(asked.size >= 3, 'the queries were found');
  assert.deepEqual(
    [...asked].filter((name) => !exposed.has(name)),
    [],
  );
});

test('a changed connector whose tasks had failed runs again', async () => {
  const broken = { ...sinkConfig(), file: join(folder, 'nowhere', 'output.txt') };
  assert.equal((await run('apply', connectorFile('sink', broken))).code, 1);
  const { code, stdout, stderr } = await run('apply', connectorFile('sink', sinkConfig()));
  assert.equal(code, 0, stderr);
  assert.match(
    stdout,
    /^sink: changed\n {2}~ file: ".*nowhere.*" -> ".*missing.*"\nsink: RUNNING, 2 tasks\n$/,
  );
});

test('PAUSED is named and no failure, and apply leaves it', async () => {
  await fetch(`${worker.url}/connectors/source/pause`, { method: 'PUT' });
  const { code } = await until('the source is paused', async () => {
    const status = await run('status', 'source');
    return /source is PAUSED, source task 0 is PAUSED\n$/.test(status.stderr) && status;
  });
  assert.equal(code, 0);
  const applied = await run('apply', connectorFile('source', sourceConfig()));
  assert.deepEqual(
    [applied.code, applied.stdout],
    [0, 'source: unchanged\nsource: is PAUSED, and stays so\n'],
  );
});

test('https with a client certificate, which the worker demands', async () => {
  const { authority, certificate, key } = clientFiles;
  const tls = { CONNECT_URL: worker.tlsUrl, SSL_CA_FILE: authority };
  const client = { CONNECT_CERTIFICATE_FILE: certificate, CONNECT_KEY_FILE: key };
  const status = (env: Record<string, string>, waitSeconds = '60') =>
    connect.run(['connect', 'status', '--wait', waitSeconds], env);
  const answered = await status({ ...tls, ...client });
  assert.equal(answered.code, 0, answered.stderr);
  assert.match(answered.stdout, /^sink +sink +0 +RUNNING/m);
  const untrusted = await status({ CONNECT_URL: worker.tlsUrl, ...client });
  assert.match(untrusted.stderr, /^orders connect status: no TLS connection to .*SSL_CA_FILE/);
  // Retried until the end, because a certificate that the worker refuses is a lost connection.
  assert.equal((await status(tls, '3')).code, 1);
});

test('a worker that died is an error of status, and apply goes on when it is back', async () => {
  await worker.kill();
  const gone = await run('status', '--wait', '1');
  assert.equal(gone.code, 1);
  assert.match(gone.stderr, /no answer from .*ECONNREFUSED/);
  const changed = { ...sinkConfig(), 'tasks.max': '1' };
  const waiting = connect.start([
    'connect',
    'apply',
    connectorFile('sink', changed),
    '--wait',
    '300',
  ]);
  await worker.start();
  const { code, stdout, stderr } = await waiting.ended;
  assert.equal(code, 0, stderr);
  assert.match(stdout, /^sink: changed\n {2}~ tasks\.max: "2" -> "1"\nsink: RUNNING, /);
  // A restarted worker reports the tasks of its predecessor for some seconds.
  await until('one task is left', async () => {
    const [line] = jsonLines<{ tasks: object[] }>((await run('status', 'sink', '--json')).stdout);
    return line?.tasks.length === 1;
  });
});
