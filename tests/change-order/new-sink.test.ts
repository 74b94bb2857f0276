import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { copyTree } from './tree-copy.ts';

const page = 'docs/sinks.md';
const list = 'services/order-consumer/src/sinks/all-sinks.ts';

let tree: ReturnType<typeof copyTree>;
before(() => {
  tree = copyTree();
});
after(() => tree?.[Symbol.dispose]());

/** The code of the page behind a comment `<!-- KIND: PATH -->`. */
function codeOf(kind: 'file' | 'line'): { path: string; code: string } {
  const found = new RegExp(`<!-- ${kind}: (\\S+) -->\n\`\`\`ts\n([^]*?)\`\`\``).exec(
    tree.read(page),
  );
  assert.ok(found, `${page} has a ${kind}`);
  return { path: found[1] as string, code: found[2] as string };
}

test('a sink written as the page says, one file and one line, passes the types, the suite of every sink, and stores what is on a topic', () => {
  const file = codeOf('file');
  const line = codeOf('line');
  assert.equal(line.path, list);
  tree.write(file.path, file.code);
  const name = file.path.split('/').at(-1) as string;
  const constant = line.code.trim().replace(/^\w+: |,$/g, '');
  tree.replace(list, '  stdout: stdoutSink,\n', `  stdout: stdoutSink,\n${line.code}`);
  tree.write(list, `import { ${constant} } from './${name}';\n${tree.read(list)}`);
  tree.write('services/order-consumer/src/sinks/file-sink.test.ts', contractTest(name, constant));
  tree.write('tests/integration/file-sink.test.ts', topicTest);
  succeeds(['node_modules/typescript/bin/tsc', '--noEmit']);
  succeeds([
    'tools/test.ts',
    'services/order-consumer/src/sinks/file-sink.test.ts',
    'tests/integration/file-sink.test.ts',
  ]);
});

const contractTest = (file: string, constant: string) => `
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { KafkaMessage } from 'kafkajs';
import { ${constant} } from './${file}';
import type { SinkParts } from './sink-kind.ts';
import { sinkContract } from './testing/sink-contract.ts';

sinkContract('file', async (context) => {
  const folder = mkdtempSync(join(tmpdir(), 'file-sink-'));
  context.after(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'orders+0.jsonl');
  return {
    create: () => ${constant}.create({ FILE_SINK_FOLDER: folder }, {} as SinkParts),
    delivery: (offset) => ({
      record: { offset: String(offset) } as KafkaMessage,
      value: offset,
      schema: undefined,
    }),
    stored: async () =>
      existsSync(path) ? readFileSync(path, 'utf8').split('\\n').slice(0, -1).map(Number) : [],
    storesOnce: false,
  };
});
`;

const topicTest = `
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { startBrokerAndRegistry } from '@order-stream/local-stack/broker-and-registry';
import { createDeadLetterTopic, numberedOrders, orderFramer, startConsumer } from '@order-stream/local-stack/consumer';
import { createTopic, isAllCommitted, writeRaw } from '@order-stream/local-stack/topics';
import { until } from '@order-stream/local-stack/until';

const { broker: { bootstrapServers }, registry } = await startBrokerAndRegistry();

test('orders are in the files of the partitions', async (context) => {
  const folder = mkdtempSync(join(tmpdir(), 'file-sink-'));
  context.after(() => rmSync(folder, { recursive: true }));
  const topic = await createTopic(bootstrapServers);
  await createDeadLetterTopic(bootstrapServers, topic);
  const frame = await orderFramer(registry, topic);
  await writeRaw(bootstrapServers, topic, numberedOrders(0, 200).map(frame));
  const env = { SINKS: 'file', FILE_SINK_FOLDER: folder };
  await startConsumer({ bootstrapServers, registry, topic, context, env });
  await until('all is committed', () => isAllCommitted(bootstrapServers, \`\${topic}-group-01\`, topic));
  const values = readdirSync(folder).flatMap((name) =>
    readFileSync(join(folder, name), 'utf8').split('\\n').slice(0, -1).map((line) => JSON.parse(line).order_id),
  );
  assert.equal(values.length, 200);
  assert.equal(new Set(values).size, 200);
});
`;

function succeeds(args: readonly string[]): void {
  // A test runner inside a test runner would report to the outer one.
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  const { status, output } = tree.run(args, env);
  assert.equal(status, 0, output);
}
