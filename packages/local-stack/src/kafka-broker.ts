import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Child } from './child.ts';
import { brokerImage, startOwnContainer, startSharedContainer } from './kafka-container.ts';
import { defaultKafkaVersion, kafkaJars } from './kafka-jars.ts';
import { type JavaBrokerOptions, startJavaBroker } from './kafka-java.ts';
import { chooseKafkaRuntime, type KafkaRuntime } from './kafka-runtime.ts';
import { freePort } from './ports.ts';
import { createTcpProxy } from './tcp-proxy.ts';

export interface Broker {
  kind: KafkaRuntime;
  bootstrapServers: string;
  stop(): Promise<void>;
}

export type OwnBroker = Awaited<ReturnType<typeof startOwnBroker>>;

const sharedVariable = 'ORDER_STREAM_TEST_BROKER';

/**
 * The broker that `npm test` started for all test files. A test file that runs alone starts its own. Each test has its own
 * topics and groups.
 */
export async function startBroker(): Promise<Broker> {
  const shared = process.env[sharedVariable];
  if (shared === undefined)
    return (await runtime()) === 'docker'
      ? { kind: 'docker', ...(await startSharedContainer()) }
      : startSharedJavaBroker({});
  const [kind, bootstrapServers] = shared.split('=') as [KafkaRuntime, string];
  return { kind, bootstrapServers, stop: async () => {} };
}

/** Starts a broker for benchmarks: Kafka on Java at full speed, on the loopback interface. */
export function startFastBroker(): Promise<Broker> {
  return startSharedJavaBroker({ fast: true });
}

/** The environment that passes this broker to test files. */
export function brokerEnvironment(broker: Broker): Record<string, string> {
  return { [sharedVariable]: `${broker.kind}=${broker.bootstrapServers}` };
}

async function startSharedJavaBroker(settings: JavaBrokerSettings): Promise<Broker> {
  const java = await createJavaBroker(settings);
  await java.start();
  return { kind: 'java', bootstrapServers: `127.0.0.1:${java.port}`, stop: java.stop };
}

/**
 * A broker for one test, which may kill or pause it. Each method resolves when its effect has happened.
 * @param properties broker properties, such as `log.retention.check.interval.ms`
 */
export async function startOwnBroker(properties: Record<string, string> = {}) {
  const kind = await runtime();
  const proxiedPort = await freePort();
  const proxy = await createTcpProxy({ targetPort: proxiedPort });
  const proxied = { port: proxiedPort, advertised: `127.0.0.1:${proxy.port}` };
  const settings = { properties, proxied };
  const broker =
    kind === 'docker' ? await startOwnContainer(settings) : await createJavaBroker(settings);
  await broker.start();
  return {
    ...broker,
    kind,
    /** A proxy before the broker's second listener, which advertises the proxy's port. */
    proxy,
    /** The port of the second listener, for a further proxy that `start` then advertises. */
    proxiedPort,
    bootstrapServers: `127.0.0.1:${broker.port}`,
    proxiedServers: `127.0.0.1:${proxy.port}`,
    async stop(): Promise<void> {
      await broker.stop();
      await proxy.close();
    },
  };
}

const progress = (text: string) => process.stderr.write(`${text}\n`);

function runtime(): Promise<KafkaRuntime> {
  return chooseKafkaRuntime(process.env, brokerImage, progress);
}

type JavaBrokerSettings = Pick<JavaBrokerOptions, 'fast' | 'properties' | 'proxied'>;

async function createJavaBroker(settings: JavaBrokerSettings) {
  const version = process.env.KAFKA_VERSION || defaultKafkaVersion;
  const libs = await kafkaJars(version, process.env, progress);
  const folder = mkdtempSync(join(tmpdir(), 'order-stream-kafka-'));
  const port = await freePort();
  const controllerPort = await freePort();
  let broker: Child | undefined;
  const removeFolder = () => rmSync(folder, { recursive: true, force: true });
  // A test file may end without calling stop().
  process.once('exit', removeFolder);
  return {
    port,
    /**
     * Also restarts the broker after `kill()`, on the same ports and data. Resolves when it serves clients.
     *
     * @param advertised `host:port` of the proxy that the second listener advertises from now on
     */
    async start(advertised?: string) {
      if (settings.proxied && advertised) settings.proxied.advertised = advertised;
      broker = await startJavaBroker({ version, libs, folder, port, controllerPort, ...settings });
    },
    /** Sends SIGKILL. */
    async kill() {
      broker?.kill('SIGKILL');
      await broker?.exited;
    },
    /** Sends SIGSTOP: connections stay open, requests get no answer. */
    async pause() {
      broker?.kill('SIGSTOP');
    },
    async resume() {
      broker?.kill('SIGCONT');
    },
    async stop() {
      await broker?.stop(10_000);
      process.off('exit', removeFolder);
      removeFolder();
    },
  };
}
