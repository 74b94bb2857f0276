import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { asEnvironment, quickStartVariables, singleBrokerProperties } from './broker-properties.ts';
import { type Child, startChild } from './child.ts';
import { defaultKafkaVersion, kafkaJars } from './kafka-jars.ts';
import { kafkaFault, startJavaBroker } from './kafka-java.ts';
import { chooseKafkaRuntime } from './kafka-runtime.ts';
import { freePort, requireFreePort } from './ports.ts';
import { stateFolder, stateParent } from './state-folder.ts';

export type LocalKafka = Awaited<ReturnType<typeof startLocalKafka>>;

/** Starts the developer's broker on `KAFKA_PORT`. Its data survives a restart. */
export async function startLocalKafka(
  env: NodeJS.ProcessEnv,
  output: { onProgress: (text: string) => void; onLine: (line: string) => void },
) {
  const version = env.KAFKA_VERSION || defaultKafkaVersion;
  const port = await requireFreePort('Kafka', 'KAFKA_PORT', 9092, env);
  const image = `apache/kafka:${version}`;
  const runtime = await chooseKafkaRuntime(env, image, output.onProgress);
  const container = containerOn(port);
  const child =
    runtime === 'docker'
      ? await startBrokerContainer({ image, container, version, port, onLine: output.onLine })
      : await startJavaBroker({
          version,
          libs: await kafkaJars(version, env, output.onProgress),
          folder: join(stateFolder, 'kafka', version),
          port,
          controllerPort: await freePort(),
          onLine: output.onLine,
        });
  return {
    child,
    runtime,
    version,
    bootstrapServers: `127.0.0.1:${port}`,
    /** Shell commands that pause and resume the broker. */
    pause: runtime === 'docker' ? `docker pause ${container}` : `kill -STOP ${child.pid}`,
    resume: runtime === 'docker' ? `docker unpause ${container}` : `kill -CONT ${child.pid}`,
    stop: () => child.stop(15_000),
  };
}

/** Name of the container that listens on this port. */
export function containerOn(port: number): string {
  return `order-stream-kafka-${port}`;
}

/** Runs the image in the foreground of `docker run`, which passes signals on to the broker. */
async function startBrokerContainer(options: {
  image: string;
  container: string;
  version: string;
  port: number;
  onLine: (line: string) => void;
}): Promise<Child> {
  const { image, container, version, port, onLine } = options;
  const properties = {
    'process.roles': 'broker,controller',
    'node.id': '1',
    'controller.quorum.voters': '1@localhost:9093',
    'controller.listener.names': 'CONTROLLER',
    'inter.broker.listener.name': 'INTERNAL',
    listeners: 'PLAINTEXT://:9092,INTERNAL://localhost:9094,CONTROLLER://localhost:9093',
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${port},INTERNAL://localhost:9094`,
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,INTERNAL:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'log.dirs': '/var/lib/kafka/data',
    ...singleBrokerProperties,
  };
  const variables = { ...asEnvironment(properties), ...quickStartVariables };
  // A named volume belongs to the image's user. A folder would belong to the developer.
  const volume = `${volumePrefix}kafka-${version}`;
  // A container that was created and never started still holds the name.
  spawnSync('docker', ['rm', container]);
  const child = await startChild({
    name: 'Kafka',
    command: 'docker',
    args: [
      ...['run', '--rm', '--init', '--name', container, '--publish', `127.0.0.1:${port}:9092`],
      ...['--volume', `${volume}:/var/lib/kafka/data`],
      ...Object.entries(variables).flatMap((entry) => ['--env', entry.join('=')]),
      // Without this, every start logs the whole configuration, several hundred lines.
      ...['--env', 'KAFKA_LOG4J_LOGGERS=org.apache.kafka.common.config.AbstractConfig=WARN'],
      image,
    ],
    onLine,
  });
  // The container does not end with this process, for example when Ctrl-C comes during the start.
  process.once('exit', () => {
    child.kill('SIGKILL');
    spawnSync('docker', ['rm', '--force', container]);
  });
  await child.waitForLine(/Kafka Server started/, 120_000).catch(async () => {
    await child.stop(10_000);
    throw kafkaFault('did not start in its container', child);
  });
  return child;
}

/** Prefix of this state folder's volumes. `npm run clean` removes them. */
export const volumePrefix = `order-stream-${createHash('sha256').update(stateParent).digest('hex').slice(0, 8)}-`;
