import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Child } from './child.ts';
import { brokerImage, startOwnContainer, startSharedContainer } from './kafka-container.ts';
import { defaultKafkaVersion, kafkaJars } from './kafka-jars.ts';
import { startJavaBroker } from './kafka-java.ts';
import { chooseKafkaRuntime, type KafkaRuntime } from './kafka-runtime.ts';
import { freePort } from './ports.ts';
import { createTcpProxy, type TcpProxy } from './tcp-proxy.ts';

export interface Broker {
  kind: KafkaRuntime;
  bootstrapServers: string;
  stop(): Promise<void>;
}

/** A broker for one test, which may kill or pause it. Each method resolves when its effect has happened. */
export interface OwnBroker extends Broker {
  /** A proxy before the broker's second listener, which advertises the proxy's port. */
  proxy: TcpProxy;
  proxiedServers: string;
  /** Sends SIGKILL. */
  kill(): Promise<void>;
  /** Restarts the broker after `kill()`, on the same ports and data. Resolves when it serves clients. */
  start(): Promise<void>;
  /** Sends SIGSTOP: connections stay open, requests get no answer. */
  pause(): Promise<void>;
  resume(): Promise<void>;
}

export interface OwnBrokerOptions {
  own: true;
  /** Broker properties, such as `log.retention.check.interval.ms`. */
  properties?: Record<string, string>;
}

const sharedVariable = 'ORDER_STREAM_TEST_BROKER';

/**
 * The broker that `npm test` started for all test files. A test file that runs alone starts its own. Each test has its own
 * topics and groups. With `own`, starts a broker that no other test uses.
 */
export function startBroker(): Promise<Broker>;
export function startBroker(options: OwnBrokerOptions): Promise<OwnBroker>;
export async function startBroker(options?: OwnBrokerOptions): Promise<Broker | OwnBroker> {
  if (options?.own) return startOwnBroker(options);
  const shared = process.env[sharedVariable];
  if (shared === undefined) return startSharedBroker();
  const [kind, bootstrapServers] = shared.split('=') as [KafkaRuntime, string];
  return { kind, bootstrapServers, stop: async () => {} };
}

/** Starts a broker for benchmarks: Kafka on Java at full speed, on the loopback interface. */
export async function startFastBroker(): Promise<Broker> {
  const java = await createJavaBroker({ fast: true });
  await java.start();
  return { kind: 'java', bootstrapServers: `127.0.0.1:${java.port}`, stop: java.stop };
}

/** The environment that passes this broker to test files. */
export function brokerEnvironment(broker: Broker): Record<string, string> {
  return { [sharedVariable]: `${broker.kind}=${broker.bootstrapServers}` };
}

async function startSharedBroker(): Promise<Broker> {
  if ((await runtime()) === 'docker') return { kind: 'docker', ...(await startSharedContainer()) };
  const java = await createJavaBroker({});
  await java.start();
  return { kind: 'java', bootstrapServers: `127.0.0.1:${java.port}`, stop: java.stop };
}

async function startOwnBroker(options: OwnBrokerOptions): Promise<OwnBroker> {
  const kind = await runtime();
  const proxiedPort = await freePort();
  const proxy = await createTcpProxy({ targetPort: proxiedPort });
  const settings = {
    properties: options.properties ?? {},
    proxied: { port: proxiedPort, advertisedPort: proxy.port },
  };
  const broker =
    kind === 'docker' ? await startOwnContainer(settings) : await createJavaBroker(settings);
  await broker.start();
  return {
    ...broker,
    kind,
    proxy,
    bootstrapServers: `127.0.0.1:${broker.port}`,
    proxiedServers: `127.0.0.1:${proxy.port}`,
    async stop() {
      await broker.stop();
      await proxy.close();
    },
  };
}

const progress = (text: string) => process.stderr.write(`${text}\n`);

function runtime(): Promise<KafkaRuntime> {
  return chooseKafkaRuntime(process.env, brokerImage, progress);
}

interface JavaBrokerSettings {
  fast?: boolean;
  properties?: Record<string, string>;
  proxied?: { port: number; advertisedPort: number };
}

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
    async start() {
      broker = await startJavaBroker({ version, libs, folder, port, controllerPort, ...settings });
    },
    async kill() {
      broker?.kill('SIGKILL');
      await broker?.exited;
    },
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
