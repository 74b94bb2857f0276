import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Child } from './child.ts';
import { defaultKafkaVersion, kafkaJars } from './kafka-jars.ts';
import { startJavaBroker } from './kafka-java.ts';
import { freePort } from './ports.ts';

const nodeIds = [1, 2, 3] as const;

/** As a production cluster: three replicas, two of them in sync, and Kafka's own time until a silent broker is replaced. */
const clusterProperties: Record<string, string> = {
  'default.replication.factor': '3',
  'min.insync.replicas': '2',
  'offsets.topic.replication.factor': '3',
  'transaction.state.log.replication.factor': '3',
  'transaction.state.log.min.isr': '2',
  'share.coordinator.state.topic.replication.factor': '3',
  'share.coordinator.state.topic.min.isr': '2',
  'broker.session.timeout.ms': '9000',
  'broker.heartbeat.interval.ms': '2000',
};

/**
 * Three brokers on Java for one test, which may freeze those that are not the controller: broker 1 is the only controller, so
 * that no election delays the replacement of another broker.
 */
export async function startKafkaCluster() {
  const version = process.env.KAFKA_VERSION || defaultKafkaVersion;
  const libs = await kafkaJars(version, process.env, (text) => process.stderr.write(`${text}\n`));
  const folder = mkdtempSync(join(tmpdir(), 'order-stream-kafka-'));
  const removeFolder = () => rmSync(folder, { recursive: true, force: true });
  // A test file may end without calling stop().
  process.once('exit', removeFolder);
  const controllerPort = await freePort();
  const brokers = new Map<number, { port: number; child: Child }>();
  const start = async (nodeId: number) => {
    const port = await freePort();
    const properties: Record<string, string> = {
      ...clusterProperties,
      'node.id': String(nodeId),
      'controller.quorum.voters': `1@127.0.0.1:${controllerPort}`,
      ...(nodeId !== 1 && {
        'process.roles': 'broker',
        listeners: `PLAINTEXT://127.0.0.1:${port}`,
      }),
    };
    const settings = { version, libs, port, controllerPort, properties };
    const child = await startJavaBroker({ ...settings, folder: join(folder, String(nodeId)) });
    brokers.set(nodeId, { port, child });
  };
  await Promise.all(nodeIds.map(start));
  const serversOf = (ids: readonly number[]) =>
    ids.map((nodeId) => `127.0.0.1:${brokers.get(nodeId)?.port}`).join();
  return {
    bootstrapServers: serversOf(nodeIds),
    /** The bootstrap servers without this broker. */
    serversWithout: (nodeId: number) => serversOf(nodeIds.filter((one) => one !== nodeId)),
    /** Sends SIGSTOP: the connections of the broker stay open, and the kernel accepts further ones; nothing is answered. */
    freeze: (nodeId: number) => brokers.get(nodeId)?.child.kill('SIGSTOP'),
    resume: (nodeId: number) => brokers.get(nodeId)?.child.kill('SIGCONT'),
    async stop(): Promise<void> {
      for (const { child } of brokers.values()) child.kill('SIGKILL');
      await Promise.all([...brokers.values()].map(({ child }) => child.exited));
      process.off('exit', removeFolder);
      removeFolder();
    },
  };
}
