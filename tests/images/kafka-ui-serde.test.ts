import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { referenceOrder } from '@order-stream/local-stack/reference-order';
import { root } from '@order-stream/local-stack/state-folder';
import { createSerializer, topicValueName } from '@order-stream/serde';
import { createGlueRegistry } from '@order-stream/serde/glue';
import { Network, type StartedNetwork, type StartedTestContainer, Wait } from 'testcontainers';
import { composeServices, environmentOf } from '../terraform/local-images.ts';
import { buildTarget, docker, removeImages } from './images.ts';
import { SmallestTask } from './smallest-task.ts';

const folder = join(root, 'docker/kafka-ui');
const plugin = `order-stream-images-${process.pid}/kafka-ui-serde`;
const topic = 'orders';

let network: StartedNetwork;
let glueLocal: StartedTestContainer;

before(async () => {
  await docker('build', '--quiet', '--target', 'serde', '--tag', plugin, folder);
  network = await new Network().start();
  glueLocal = await new SmallestTask(await buildTarget('glue-local'))
    .withNetwork(network)
    .withNetworkAliases('glue-local')
    .withExposedPorts(4570)
    .withWaitStrategy(Wait.forHealthCheck())
    .start();
});

after(async () => {
  try {
    await glueLocal?.stop();
    await network?.stop();
  } finally {
    await removeImages();
  }
});

test('kafka-ui’s plugin, configured as compose.yml does, decodes what our serializer writes, and shows its schema', async () => {
  const registry = createGlueRegistry({
    registryName: 'customer',
    region: 'us-east-1',
    endpoint: `http://127.0.0.1:${glueLocal.getMappedPort(4570)}`,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    autoRegistration: true,
  });
  await registry.ensureRegistry();
  const schema = readFileSync(join(root, 'schemas/order.v1.avsc'), 'utf8');
  const records: string[] = [];
  for (const compression of ['none', 'zlib'] as const) {
    const serializer = createSerializer({ registry, schemaName: topicValueName, compression });
    records.push(
      (await serializer.serialize(topic, referenceOrder, { schema })).toString('base64'),
    );
  }
  registry.close();
  const unknown = Buffer.from(records[0] as string, 'base64')
    .fill(0, 2, 18)
    .toString('base64');
  const noFrame = Buffer.from('{"order_id":"no frame"}').toString('base64');
  const [shown = '', plain, zlib, ofUnknown, ofNoFrame] = await runPlugin(
    ...records,
    unknown,
    noFrame,
  );
  assert.deepEqual(JSON.parse(shown), JSON.parse(schema));
  for (const line of [plain, zlib]) {
    const [, name, version, json] = /^(\S+) (\d+) (.*)$/.exec(line ?? '') ?? [];
    assert.deepEqual([name, version], ['orders-value', '1']);
    assert.deepEqual(JSON.parse(json ?? ''), referenceOrder);
  }
  assert.match(ofUnknown ?? '', /^refused: .*not found/i);
  assert.equal(ofNoFrame, 'refused: no frame of a Glue Schema Registry');
});

/** The plugin in a container, with the properties, the registry and the credentials that compose.yml gives kafka-ui. */
async function runPlugin(...records: string[]): Promise<string[]> {
  const ui = composeServices()['kafka-ui'];
  assert.ok(ui);
  const env = environmentOf(ui);
  const serde = 'kafka.clusters.0.serde.0.';
  const handed = Object.entries(env).flatMap(([name, value]) => {
    if (name.startsWith('AWS_')) return [`${name}=${value}`];
    if (name.startsWith(`${serde}properties.`))
      return [`SERDE_${name.slice(`${serde}properties.`.length)}=${value}`];
    return [];
  });
  assert.equal(env[`${serde}filePath`], '/serde');
  handed.push(`SERDE_CLASS=${env[`${serde}className`]}`);
  const output = await docker(
    ...['run', '--rm', '--network', network.getName()],
    ...['--volume', `${import.meta.dirname}/PluginHost.java:/PluginHost.java:ro`],
    ...handed.flatMap((variable) => ['--env', variable]),
    ...[plugin, 'java', '-cp', '/host/*', '/PluginHost.java', topic, ...records],
  );
  return output.split('\n');
}

test('S3-15 a jar that is not the one of the lock file stops the build, and is not kept', async (context) => {
  const server = createServer((_, answer) => answer.end('another jar')).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const target = mkdtempSync(join(tmpdir(), 'order-stream-jars-'));
  context.after(() => {
    server.close();
    rmSync(target, { recursive: true });
  });
  const { port } = server.address() as { port: number };
  const fetching = spawn(
    process.execPath,
    [join(folder, 'fetch-jars.mjs'), join(folder, 'host-jars.sha256'), target],
    { env: { ...process.env, MAVEN_REPOSITORY: `http://127.0.0.1:${port}` } },
  );
  let said = '';
  fetching.stderr.on('data', (chunk) => {
    said += chunk;
  });
  const code = await new Promise((resolve) => fetching.once('close', resolve));
  assert.equal(code, 1);
  assert.match(
    said,
    /serde-api-1\.0\.0\.jar: SHA-256 is [0-9a-f]{64}, the lock file says 650363a5/,
  );
  assert.deepEqual(readdirSync(target), []);
});

test('S3-15 the plugin’s folder holds the jars of the lock file, its own class beside them, and nothing else', async () => {
  const lock = readFileSync(join(folder, 'serde-jars.sha256'), 'utf8');
  const named = [...lock.matchAll(/^([0-9a-f]{64}) {2}\S+\/(\S+\.jar)$/gm)];
  const expected = named.map(([, sha256, name]) => `${sha256}  ${name}`);
  const listed = await docker('run', '--rm', plugin, 'sh', '-c', 'cd /serde && sha256sum *');
  const own = (line: string) => line.endsWith('  glue-serde.jar');
  const seen = listed.split('\n');
  assert.equal(seen.filter(own).length, 1);
  assert.deepEqual(seen.filter((line) => !own(line)).sort(), expected.sort());
});
