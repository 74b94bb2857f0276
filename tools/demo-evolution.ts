// `npm run demo:evolution`: adds a field with a default to the order and reads both versions. With USE_MORE=1 the field
// has no default: the registry rejects it, and the exit code is 1. Uses the stack of `npm start` or starts its own.
// KAFKA_PORT and GLUE_LOCAL_PORT name the local ports. BOOTSTRAP_SERVERS, AWS_ENDPOINT_URL_GLUE, REGISTRY_NAME and
// TOPIC_NAME name another stack.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Child, startChild } from '@order-stream/local-stack/child';
import { startLocalKafka } from '@order-stream/local-stack/local-kafka';
import { isPortFree } from '@order-stream/local-stack/ports';
import { reportAndExit, StackFault } from '@order-stream/local-stack/stack-fault';
import { root } from '@order-stream/local-stack/state-folder';
import { createTopicNamed, deleteTopic } from '@order-stream/local-stack/topics';
import {
  createKafkaClient,
  createKafkaWriter,
  createLogger,
  type KafkaClient,
} from '@order-stream/runtime';
import { createGlueRegistry } from '@order-stream/serde/glue';
import { showEvolution } from './evolution-story.ts';

const { env } = process;
const started: Child[] = [];
const note = (line: string) => process.stderr.write(`${line}\n`);
const say = (line: string) => process.stdout.write(`${line}\n`);

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void endStarted().then(() => process.exit(1)));
}
try {
  const accepted = await demo();
  await endStarted();
  process.exit(accepted ? 0 : 1);
} catch (error) {
  await endStarted();
  reportAndExit(error);
}

async function demo(): Promise<boolean> {
  if (!['', '0', '1'].includes(env.USE_MORE ?? '')) {
    throw new StackFault(`USE_MORE: expected 0 or 1, got "${env.USE_MORE}".`);
  }
  const servers = env.BOOTSTRAP_SERVERS || (await localKafka());
  const endpoint = env.AWS_ENDPOINT_URL_GLUE || (await localGlue());
  const registryName = env.REGISTRY_NAME || 'customer';
  const logger = createLogger({ name: 'demo-evolution', level: 'fatal' });
  const client = createKafkaClient(
    { BOOTSTRAP_SERVERS: servers.split(','), SECURITY_PROTOCOL: 'PLAINTEXT' },
    { logger, clientId: 'demo-evolution' },
  );
  const registry = createGlueRegistry({
    registryName,
    endpoint,
    region: env.AWS_REGION || 'us-east-1',
    // glue-local accepts any credentials. Elsewhere the SDK's default chain finds them.
    ...(env.AWS_ENDPOINT_URL_GLUE
      ? {}
      : { credentials: { accessKeyId: 'local', secretAccessKey: 'local' } }),
    autoRegistration: true,
    compatibility: 'BACKWARD',
  });
  // Each run has its own topic and schema, because versions of earlier runs would affect the compatibility check.
  const ownTopic = `evolution-demo-${Date.now()}`;
  const topic = env.TOPIC_NAME || ownTopic;
  const writer = createKafkaWriter(client, { logger });
  const bootstrapServers = await livingBrokers(client);
  const version1 = readFileSync(join(root, 'schemas/order.v1.avsc'), 'utf8');
  try {
    await createTopicNamed(bootstrapServers, topic, { partitions: 1 });
    await registry.ensureRegistry();
    await writer.start([topic]);
    say(`Topic ${topic} at ${bootstrapServers}, registry ${registryName} at ${endpoint}, BACKWARD`);
    const withDefault = env.USE_MORE !== '1';
    const stage = { topic, bootstrapServers, writer, registry, version1, say };
    return await showEvolution(stage, withDefault);
  } finally {
    await writer.close();
    if (topic === ownTopic) await deleteTopic(bootstrapServers, topic);
    await client.close();
    registry.close();
  }
}

/** The local stack's plain clients begin with the first server of a list, which may be dead. */
async function livingBrokers(client: KafkaClient): Promise<string> {
  const admin = client.admin();
  await admin.connect();
  const { brokers } = await admin.describeCluster();
  await admin.disconnect();
  return brokers.map(({ host, port }) => `${host}:${port}`).join(',');
}

async function localKafka(): Promise<string> {
  const port = Number(env.KAFKA_PORT || 9092);
  if (!(await isPortFree(port))) return `127.0.0.1:${port}`;
  note(`No Kafka on port ${port}: starting one for the demo`);
  const kafka = await startLocalKafka(env, { onProgress: note, onLine: () => {} });
  started.push(kafka.child);
  return kafka.bootstrapServers;
}

async function localGlue(): Promise<string> {
  const port = env.GLUE_LOCAL_PORT || '4570';
  const endpoint = `http://127.0.0.1:${port}`;
  if (!(await isPortFree(Number(port)))) return endpoint;
  note(`No glue-local on port ${port}: starting one for the demo`);
  const glue = await startChild({
    name: 'glue-local',
    command: process.execPath,
    args: [
      join(root, 'packages/glue-local/src/main.ts'),
      ...['--port', port, '--database', ':memory:'],
    ],
  });
  started.push(glue);
  await glue.waitForLine(/glue-local listens on/, 30_000);
  return endpoint;
}

async function endStarted(): Promise<void> {
  await Promise.all(started.map((child) => child.stop()));
}
