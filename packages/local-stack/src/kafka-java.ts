import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { singleBrokerProperties } from './broker-properties.ts';
import { type Child, startChild } from './child.ts';
import { copyFormattedStorage } from './formatted-storage.ts';
import { StackFault } from './stack-fault.ts';

export interface JavaBrokerOptions {
  version: string;
  /** Folder with Kafka's jars. */
  libs: string;
  /** Holds configuration and data. Data of an earlier start is kept. */
  folder: string;
  port: number;
  controllerPort: number;
  /** A second listener, which advertises `host:port` of a proxy. */
  proxied?: { port: number; advertised: string };
  /** Broker properties that are added to ours or replace them. */
  properties?: Record<string, string>;
  onLine?: (line: string) => void;
  /** For benchmarks: the full JIT and a concurrent collector instead of a quick start. */
  fast?: boolean;
}

const clusterId = 'b3JkZXItc3RyZWFtLWxvYw';

/** Starts Apache Kafka in KRaft mode on this machine's Java. Resolves when the broker serves clients. */
export async function startJavaBroker(options: JavaBrokerOptions): Promise<Child> {
  const { version, libs, folder, onLine, fast = false } = options;
  const java = javaCommand(process.env);
  const data = join(folder, 'data');
  mkdirSync(data, { recursive: true });
  const configuration = join(folder, 'server.properties');
  const run = (mainClass: string, args: string[]) =>
    startChild({
      name: 'Kafka',
      command: java,
      args: [...jvmFlags(version, fast), '-cp', join(libs, '*'), mainClass, ...args],
      ...(onLine === undefined ? {} : { onLine }),
    });
  if (!readdirSync(data).includes('meta.properties')) {
    const format = async (storage: string) => {
      writeFileSync(configuration, serverProperties(options, storage));
      const args = ['format', '-t', clusterId, '-c', configuration];
      const tool = await run('kafka.tools.StorageTool', args);
      if ((await tool.exited).code !== 0) throw kafkaFault('cannot format its storage', tool);
    };
    // The storage of each broker of a cluster has its own id, and its version decides about its features.
    if (options.properties?.['node.id'] !== undefined) await format(data);
    else await copyFormattedStorage(join(dirname(libs), `storage-${clusterId}`), data, format);
  }
  writeFileSync(configuration, serverProperties(options, data));
  const broker = await run('kafka.Kafka', [configuration]);
  try {
    await broker.waitForLine(/Kafka Server started/, 120_000);
  } catch {
    broker.kill('SIGKILL');
    await broker.exited;
    throw kafkaFault('did not start', broker);
  }
  return broker;
}

/** A fault with the last lines of Kafka's output. */
export function kafkaFault(problem: string, child: Child): StackFault {
  return new StackFault(
    `Kafka ${problem}. Its last lines:\n${child.lastLines().slice(-15).join('\n')}`,
  );
}

/** True if Java 17 or newer is installed, which Kafka requires. */
export function hasJava(env: NodeJS.ProcessEnv): boolean {
  const { status, stderr } = spawnSync(javaCommand(env), ['-version'], { encoding: 'utf8' });
  return status === 0 && Number(/version "(\d+)/.exec(stderr)?.[1]) >= 17;
}

export function javaCommand(env: NodeJS.ProcessEnv): string {
  return env.JAVA_HOME ? join(env.JAVA_HOME, 'bin', 'java') : 'java';
}

function jvmFlags(version: string, fast: boolean): string[] {
  const configs = join(import.meta.dirname, 'kafka');
  return [
    // For one developer, a quick start matters more than peak speed.
    ...(fast ? ['-Xmx1g'] : ['-Xmx768m', '-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC']),
    '-Xshare:auto',
    version.startsWith('3.')
      ? `-Dlog4j.configuration=file:${join(configs, 'log4j.properties')}`
      : `-Dlog4j2.configurationFile=${join(configs, 'log4j2.properties')}`,
  ];
}

function serverProperties(options: JavaBrokerOptions, data: string): string {
  const { port, controllerPort, proxied, properties = {} } = options;
  const listeners = [`PLAINTEXT://127.0.0.1:${port}`];
  const advertised = [...listeners];
  const protocols = ['CONTROLLER:PLAINTEXT', 'PLAINTEXT:PLAINTEXT'];
  if (proxied !== undefined) {
    listeners.push(`PROXIED://127.0.0.1:${proxied.port}`);
    advertised.push(`PROXIED://${proxied.advertised}`);
    protocols.push('PROXIED:PLAINTEXT');
  }
  return Object.entries({
    'process.roles': 'broker,controller',
    'node.id': '1',
    'controller.quorum.voters': `1@127.0.0.1:${controllerPort}`,
    listeners: [...listeners, `CONTROLLER://127.0.0.1:${controllerPort}`].join(','),
    'advertised.listeners': advertised.join(','),
    'controller.listener.names': 'CONTROLLER',
    'listener.security.protocol.map': protocols.join(','),
    'inter.broker.listener.name': 'PLAINTEXT',
    'log.dirs': data,
    ...singleBrokerProperties,
    ...properties,
  })
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
}
