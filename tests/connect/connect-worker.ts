import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Child, startChild } from '@order-stream/local-stack/child';
import { javaCommand } from '@order-stream/local-stack/kafka-java';
import { mavenJars } from '@order-stream/local-stack/maven-jars';
import { freePort } from '@order-stream/local-stack/ports';
import { root } from '@order-stream/local-stack/state-folder';

const pom = join(import.meta.dirname, 'connect-worker.pom.xml');

/** The folder of Kafka Connect's jars. Maven downloads them the first time. */
export function fetchConnectWorker(): Promise<string> {
  return mavenJars(
    { name: 'Kafka Connect', pom, downloads: 'connect-worker', version: '4.3.1-jmx' },
    process.env,
    (text) => process.stderr.write(`${text}\n`),
  );
}

/**
 * A worker of Kafka Connect on this machine's Java, in distributed mode, with Kafka's file connectors, the JMX agent, and a group and
 * topics of its own. `start` returns before it answers.
 *
 * @param tls folder with `worker.p12` and `authorities.p12`, both with the password `changeit`: adds a listener that asks for client
 *   certificates
 */
export async function createConnectWorker(bootstrapServers: string, tls: string) {
  const libs = await fetchConnectWorker();
  const folder = mkdtempSync(join(tmpdir(), 'connect-worker-'));
  const [port, tlsPort, metricsPort] = [await freePort(), await freePort(), await freePort()];
  const group = `connect-${randomUUID()}`;
  const json = 'org.apache.kafka.connect.json.JsonConverter';
  const properties = {
    'bootstrap.servers': bootstrapServers,
    'group.id': group,
    'key.converter': json,
    'value.converter': json,
    'config.storage.topic': `${group}-configs`,
    'offset.storage.topic': `${group}-offsets`,
    'status.storage.topic': `${group}-status`,
    'config.storage.replication.factor': '1',
    'offset.storage.replication.factor': '1',
    'status.storage.replication.factor': '1',
    'offset.storage.partitions': '1',
    'status.storage.partitions': '1',
    listeners: `http://127.0.0.1:${port},https://127.0.0.1:${tlsPort}`,
    'rest.advertised.listener': 'http',
    'plugin.discovery': 'service_load',
    // A restarted worker gets its tasks at once, instead of after five minutes.
    'scheduled.rebalance.max.delay.ms': '0',
    'listeners.https.ssl.client.auth': 'required',
    'listeners.https.ssl.keystore.type': 'PKCS12',
    'listeners.https.ssl.keystore.location': join(tls, 'worker.p12'),
    'listeners.https.ssl.keystore.password': 'changeit',
    'listeners.https.ssl.key.password': 'changeit',
    'listeners.https.ssl.truststore.type': 'PKCS12',
    'listeners.https.ssl.truststore.location': join(tls, 'authorities.p12'),
    'listeners.https.ssl.truststore.password': 'changeit',
  };
  const configuration = join(folder, 'worker.properties');
  const lines = Object.entries(properties).map(([name, value]) => `${name}=${value}\n`);
  writeFileSync(configuration, lines.join(''));
  const agent = join(libs, 'jmx_prometheus_javaagent-1.0.1.jar');
  const log = join(import.meta.dirname, 'connect-worker.log4j2.properties');
  let worker: Child | undefined;
  const removeFolder = () => rmSync(folder, { recursive: true, force: true });
  // A test file may end without calling stop().
  process.once('exit', removeFolder);
  return {
    url: `http://127.0.0.1:${port}`,
    /** The metrics of `docker/connect/jmx.yml`. */
    metricsUrl: `http://127.0.0.1:${metricsPort}/metrics`,
    tlsUrl: `https://127.0.0.1:${tlsPort}`,
    async start(): Promise<void> {
      const flags = ['-Xmx256m', '-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC'];
      const main = 'org.apache.kafka.connect.cli.ConnectDistributed';
      worker = await startChild({
        name: 'Kafka Connect',
        command: javaCommand(process.env),
        args: [
          ...flags,
          `-javaagent:${agent}=127.0.0.1:${metricsPort}:${join(root, 'docker/connect/jmx.yml')}`,
          `-Dlog4j2.configurationFile=${log}`,
          ...['-cp', join(libs, '*'), main, configuration],
        ],
      });
    },
    /** Sends SIGKILL. */
    async kill(): Promise<void> {
      worker?.kill('SIGKILL');
      await worker?.exited;
    },
    /** The newest lines of the worker's log. */
    lastLines: () => worker?.lastLines() ?? [],
    async stop(): Promise<void> {
      await worker?.stop(10_000);
      process.off('exit', removeFolder);
      removeFolder();
    },
  };
}
