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

/** A broker of one test's own, to be harmed. Every method resolves when it has happened. */
export interface OwnBroker extends Broker {
  /** The broker's second listener, through a proxy whose port clients are told: what goes there passes the proxy. */
  proxy: TcpProxy;
  proxiedServers: string;
  /** SIGKILL. */
  kill(): Promise<void>;
  /** After `kill()`: on the same ports and data. Resolves when it serves clients. */
  start(): Promise<void>;
  /** SIGSTOP: connections stay, nothing answers. */
  pause(): Promise<void>;
  resume(): Promise<void>;
}

export interface OwnBrokerOptions {
  own: true;
  /** Broker properties, `log.retention.check.interval.ms` for example. */
  properties?: Record<string, string>;
}

const sharedVariable = 'ORDER_STREAM_TEST_BROKER';

/**
 * The broker that `npm test` started for every test file, or one of this file's own where a file runs alone. Tests keep
 * apart by topics and groups of their own. With `own`, a broker that nobody else uses.
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

/** For measurements: Kafka by Java, on this machine's loopback itself and at its full speed. */
export async function startFastBroker(): Promise<Broker> {
  const java = await createJavaBroker({ fast: true });
  await java.start();
  return { kind: 'java', bootstrapServers: `127.0.0.1:${java.port}`, stop: java.stop };
}

/** The environment that hands this broker to test files. */
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
  // For a test file that ends without stop().
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
