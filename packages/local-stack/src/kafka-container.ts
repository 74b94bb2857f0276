import { asEnvironment, quickStartVariables, singleBrokerProperties } from './broker-properties.ts';
import { freePort } from './ports.ts';

export const brokerImage = 'confluentinc/cp-kafka:8.3.2';

// Loaded only with Docker. Loading takes a second, which a Java broker saves.
const testcontainers = () => import('testcontainers');

export async function startSharedContainer() {
  const { Wait } = await testcontainers();
  const { KafkaContainer } = await import('@testcontainers/kafka');
  const container = await new KafkaContainer(brokerImage)
    .withEnvironment({ ...asEnvironment(singleBrokerProperties), ...quickStartVariables })
    .withWaitStrategy(Wait.forLogMessage(/Kafka Server started/))
    .start();
  return {
    bootstrapServers: `${container.getHost()}:${container.getMappedPort(9093)}`,
    stop: async () => void (await container.stop()),
  };
}

/** Read at each start of the container: a container's own environment cannot be changed. */
const startScript = '/tmp/environment.sh';

/** Starts a container on ports chosen beforehand, so that a killed broker restarts on the same ports. */
export async function startOwnContainer(settings: {
  properties: Record<string, string>;
  proxied: { port: number; advertised: string };
}) {
  const { GenericContainer, getContainerRuntimeClient, Wait } = await testcontainers();
  const port = await freePort();
  const { proxied } = settings;
  const advertising = (proxiedServer: string) => [
    {
      content: `export KAFKA_ADVERTISED_LISTENERS=PLAINTEXT://127.0.0.1:${port},PROXIED://${proxiedServer},INTERNAL://localhost:9096\n`,
      target: startScript,
    },
  ];
  const container = await new GenericContainer(brokerImage)
    .withExposedPorts({ container: 9092, host: port }, { container: 9095, host: proxied.port })
    .withEnvironment({
      CLUSTER_ID: '4L6g3nShT-eMCtK--X86sw',
      KAFKA_NODE_ID: '1',
      KAFKA_PROCESS_ROLES: 'broker,controller',
      KAFKA_CONTROLLER_QUORUM_VOTERS: '1@localhost:9094',
      KAFKA_CONTROLLER_LISTENER_NAMES: 'CONTROLLER',
      KAFKA_INTER_BROKER_LISTENER_NAME: 'INTERNAL',
      KAFKA_LISTENERS:
        'PLAINTEXT://0.0.0.0:9092,PROXIED://0.0.0.0:9095,INTERNAL://localhost:9096,CONTROLLER://localhost:9094',
      KAFKA_LISTENER_SECURITY_PROTOCOL_MAP:
        'PLAINTEXT:PLAINTEXT,PROXIED:PLAINTEXT,INTERNAL:PLAINTEXT,CONTROLLER:PLAINTEXT',
      ...asEnvironment(singleBrokerProperties),
      ...asEnvironment(settings.properties),
      ...quickStartVariables,
    })
    .withCopyContentToContainer(advertising(proxied.advertised))
    .withCommand(['bash', '-c', `. ${startScript} && exec /etc/confluent/docker/run`])
    .withStartupTimeout(180_000)
    .withWaitStrategy(Wait.forLogMessage(/Kafka Server started/))
    .start();
  const runtime = await getContainerRuntimeClient();
  const engine = runtime.container.getById(container.getId());
  let killed = false;
  return {
    port,
    async start(advertised?: string) {
      if (!killed) return;
      killed = false;
      if (advertised) await container.copyContentToContainer(advertising(advertised));
      await engine.start();
      // With fractions of a second: the log also has the line of the previous start.
      const since = Date.parse((await engine.inspect()).State.StartedAt) / 1000;
      const log = await engine.logs({ follow: true, stdout: true, stderr: true, since });
      await new Promise<void>((resolve) => {
        log.on('data', (chunk) => /Kafka Server started/.test(String(chunk)) && resolve());
      });
      (log as { destroy?: () => void }).destroy?.();
    },
    async kill() {
      killed = true;
      await engine.kill({ signal: 'SIGKILL' });
      await engine.wait();
    },
    pause: async () => void (await engine.pause()),
    resume: async () => void (await engine.unpause()),
    stop: async () => void (await container.stop()),
  };
}
