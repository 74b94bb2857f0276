import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { glueSettings } from '@order-stream/local-stack/glue-local';
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

test('kafka-ui’s plugin, configured as in compose.yml, decodes records of our serializer and shows their schema', async () => {
  const registry = createGlueRegistry({
    ...glueSettings({ endpoint: `http://127.0.0.1:${glueLocal.getMappedPort(4570)}` }),
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
  assert.match(ofUnknown ?? '', /^rejected: .*not found/i);
  assert.equal(ofNoFrame, 'rejected: not a Glue Schema Registry frame');
});

/** Runs the plugin in a container, with the properties, registry and credentials of kafka-ui in compose.yml. */
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

test('S3-15 a jar whose checksum is not the listed one stops the build, and no image is made', async (context) => {
  const changed = mkdtempSync(join(tmpdir(), 'order-stream-kafka-ui-'));
  context.after(() => rmSync(changed, { recursive: true }));
  cpSync(folder, changed, { recursive: true });
  const other = '0'.repeat(64);
  const list = checksums().replace(/^\S+(?= {2}serde\/avro-)/m, other);
  writeFileSync(join(changed, 'jars.sha256'), list);
  const image = `${plugin}:changed`;
  await assert.rejects(
    docker('build', '--progress=plain', '--target', 'serde', '--tag', image, changed),
    new RegExp(`< ${other} {2}serde/avro-1\\.11\\.4\\.jar[^]*> [0-9a-f]{64} {2}serde/avro-1`),
  );
  await assert.rejects(docker('image', 'inspect', image), /no such image/i);
});

test('S3-15 the plugin’s folder holds the listed jars and its own, and nothing else', async () => {
  const listed = await docker('run', '--rm', plugin, 'sh', '-c', 'cd / && sha256sum serde/*');
  const own = (line: string) => line.endsWith('  serde/glue-serde.jar');
  const seen = listed.split('\n');
  assert.equal(seen.filter(own).length, 1);
  const expected = checksums().match(/^.* serde\/.*$/gm);
  assert.deepEqual(
    seen.filter((line) => !own(line)),
    expected,
  );
});

function checksums(): string {
  return readFileSync(join(folder, 'jars.sha256'), 'utf8');
}
