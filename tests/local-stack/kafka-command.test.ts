import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { type Child, startChild } from '@order-stream/local-stack/child';
import { freePort } from '@order-stream/local-stack/ports';
import { root } from '@order-stream/local-stack/state-folder';
import { createTopicNamed, rawKafka } from '@order-stream/local-stack/topics';
import { runbookCommands } from '../compose/runbook-commands.ts';

const folder = mkdtempSync(join(tmpdir(), 'order-stream-kafka-command-'));
const groupId = 'orders-group-01';
let env: NodeJS.ProcessEnv;
let kafka: Child;
let bootstrapServers: string;

before(async () => {
  const port = await freePort();
  env = { ...process.env, ORDER_STREAM_STATE: folder, KAFKA_PORT: String(port) };
  bootstrapServers = `127.0.0.1:${port}`;
  kafka = await startChild({
    name: 'npm run kafka',
    command: process.execPath,
    args: [join(root, 'tools/kafka.ts')],
    env,
    atOurExit: 'SIGTERM',
  });
  await kafka.waitForLine(/listens on/, 200_000);
  await createTopicNamed(bootstrapServers, 'orders', { partitions: 6 });
  await createTopicNamed(bootstrapServers, 'orders.dlq', { partitions: 6 });
  await commit('0');
});
after(async () => {
  await kafka?.stop(20_000);
  rmSync(folder, { recursive: true, force: true });
});

async function commit(offset: string): Promise<void> {
  const admin = rawKafka(bootstrapServers).admin();
  await admin.connect();
  await admin.setOffsets({ groupId, topic: 'orders', partitions: [{ partition: 0, offset }] });
  await admin.disconnect();
}

/** Runs a command of the runbook on the stack of `npm start`. */
async function run(command: string): Promise<string> {
  const words = command.replace('$K ', '').split(/\s+/);
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [join(root, 'tools/kafka.ts'), ...words],
    { env },
  );
  return stdout;
}

test('the commands of the runbook work on the local broker', async () => {
  const [describe = '', look = ''] = runbookCommands('Replay');
  assert.match(await run(describe), /orders-group-01\s+orders\s+0\s+0\s+0\s+0/);
  assert.match(await run(look), /orders-group-01\s+orders\s+0\s+0\n/);
  const [raise = ''] = runbookCommands('A dead-letter topic from before');
  assert.match(await run(raise), /Completed updating config for topic orders\.dlq/);
});

test('an unknown command and a missing broker are reported in one line', async () => {
  await assert.rejects(run('kafka-acls.sh --list'), {
    code: 1,
    stderr: /^Expected one of kafka-configs\.sh, .*; got kafka-acls\.sh\.\n$/,
  });
  env = { ...env, KAFKA_PORT: String(await freePort()) };
  await assert.rejects(run('kafka-topics.sh --list'), {
    code: 1,
    stderr: /^No Kafka listens on port \d+: run `npm start`, or set KAFKA_PORT\.\n$/,
  });
});
