import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  GetSchemaVersionCommand,
  type GetSchemaVersionCommandOutput,
  GlueClient,
} from '@aws-sdk/client-glue';
import {
  glueEnvironment,
  type LocalRegistry,
  startGlueLocal,
} from '@order-stream/local-stack/glue-local';
import { type Broker, startBroker } from '@order-stream/local-stack/kafka-broker';
import { startService } from '@order-stream/local-stack/service-process';
import { createTopic, endOffsets, readAll } from '@order-stream/local-stack/topics';
import { createDeserializer } from '@order-stream/serde';
import { createGlueRegistry } from '@order-stream/serde/glue';

let broker: Broker;
let registry: LocalRegistry;
let glue: GlueClient;
const local = {
  region: 'us-east-1',
  credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
};

before(async () => {
  // As on AWS, a new version is PENDING at first.
  [broker, registry] = await Promise.all([startBroker(), startGlueLocal({ pendingMs: 150 })]);
  glue = new GlueClient({ ...local, endpoint: registry.endpoint });
});
after(async () => {
  glue?.destroy();
  await registry?.close();
  await broker?.stop();
});

async function demo(topic: string, env: Record<string, string> = {}) {
  const process = await startService({
    main: 'tools/demo-evolution.ts',
    env: {
      BOOTSTRAP_SERVERS: broker.bootstrapServers,
      TOPIC_NAME: topic,
      ...glueEnvironment(registry),
      ...env,
    },
  });
  const { code } = await process.exited;
  return { code, stdout: process.stdout().join('\n'), stderr: process.stderr().join('\n') };
}

function version(topic: string, number: number): Promise<GetSchemaVersionCommandOutput> {
  return glue.send(
    new GetSchemaVersionCommand({
      SchemaId: { RegistryName: 'customer', SchemaName: `${topic}-value` },
      SchemaVersionNumber: { VersionNumber: number },
    }),
  );
}

test('S0-10 a field without a default gets the status FAILURE, the demo fails and writes nothing to the topic', async () => {
  const topic = await createTopic(broker.bootstrapServers, { partitions: 1 });
  const { code, stdout, stderr } = await demo(topic, { USE_MORE: '1' });
  assert.equal(code, 1, stderr);
  assert.equal((await version(topic, 1)).Status, 'AVAILABLE');
  const refused = await version(topic, 2);
  assert.equal(refused.Status, 'FAILURE');
  assert.ok(
    stdout.includes(
      `Schema evolution check failed. schemaVersionId ${refused.SchemaVersionId} is in FAILURE status.`,
    ),
    stdout,
  );
  assert.match(stdout, /READER_FIELD_MISSING_DEFAULT_VALUE at \/fields\/4/);
  // Only the order of version 1 is on the topic.
  assert.deepEqual([...(await endOffsets(broker.bootstrapServers, topic))], [[0, 1n]]);
});

test('S0-11 the same field with a default is version 2, and the demo reads records of both versions', async () => {
  const topic = await createTopic(broker.bootstrapServers, { partitions: 1 });
  const { code, stdout, stderr } = await demo(topic);
  assert.equal(code, 0, stderr);
  assert.equal((await version(topic, 2)).Status, 'AVAILABLE');

  const reader = createGlueRegistry({
    ...local,
    registryName: 'customer',
    endpoint: registry.endpoint,
  });
  const deserializer = createDeserializer({ registry: reader });
  const read = [];
  for (const { offset, value } of await readAll(broker.bootstrapServers, topic)) {
    const decoded = await deserializer.deserialize(value as Buffer);
    const order = decoded.value as { order_id: string; is_prime?: boolean };
    read.push([decoded.schema.versionNumber, order.is_prime]);
    const line = `offset ${offset}, version ${decoded.schema.versionNumber} (${decoded.schema.schemaVersionId}): {"order_id":"${order.order_id}"`;
    assert.ok(stdout.includes(line), `${line}\nin\n${stdout}`);
  }
  assert.deepEqual(read, [
    [1, undefined],
    [2, true],
  ]);
  reader.close();
});

test('for an invalid USE_MORE, the demo prints one line with the valid values', async () => {
  const { code, stderr } = await demo('never-used', { USE_MORE: 'yes' });
  assert.equal(code, 1);
  assert.equal(stderr, 'USE_MORE: expected 0 or 1, got "yes".');
});
