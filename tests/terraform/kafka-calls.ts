import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from '@order-stream/local-stack/state-folder';
import kafkajs from 'kafkajs';

/** How a part of the system uses topics and a consumer group. */
export interface KafkaUse {
  /** Entry file, from the repository's root. */
  entry: string;
  reads?: readonly string[];
  writes?: readonly string[];
  creates?: readonly string[];
  group?: string;
}

export interface KafkaCall {
  action: string;
  kind: 'cluster' | 'topic' | 'group';
  /** Absent for the cluster. */
  name?: string;
}

/**
 * The IAM actions that each method of a kafkajs client needs.
 * Source: MSK developer guide, "Semantics of IAM authorization policy actions and resources".
 */
const actionsOf: Readonly<Record<string, readonly string[]>> = {
  connect: ['Connect'],
  fetchTopicMetadata: ['DescribeTopic'],
  fetchTopicOffsets: ['DescribeTopic'],
  fetchOffsets: ['DescribeGroup', 'DescribeTopic'],
  createTopics: ['CreateTopic'],
  describeGroups: ['DescribeGroup'],
  // All producers are idempotent; the test of this table checks it.
  send: ['WriteData', 'WriteDataIdempotently', 'DescribeTopic'],
  sendBatch: ['WriteData', 'WriteDataIdempotently', 'DescribeTopic'],
  refreshMetadata: ['DescribeTopic'],
  subscribe: ['DescribeTopic'],
  run: ['AlterGroup', 'DescribeGroup', 'ReadData'],
  commitOffsets: ['AlterGroup', 'ReadData'],
};

/** Methods that send no request of their own. */
const methodsWithoutRequests = new Set([
  'disconnect',
  'on',
  'logger',
  'pause',
  'resume',
  'paused',
  'stop',
  'seek',
  'events',
]);

/** All methods of kafkajs's clients. */
export const kafkaMethods: ReadonlySet<string> = (() => {
  const kafka = new kafkajs.Kafka({ brokers: ['127.0.0.1:1'], logLevel: kafkajs.logLevel.NOTHING });
  const clients = [kafka.admin(), kafka.producer(), kafka.consumer({ groupId: 'none' })];
  return new Set(clients.flatMap((client) => Object.keys(client)));
})();

/** The calls of an entry point: the kafkajs methods in the files that it imports, as IAM actions. */
export function kafkaCalls(use: KafkaUse): KafkaCall[] {
  const { reads = [], writes = [], creates = [], group } = use;
  const topics = [...new Set([...reads, ...writes, ...creates])];
  const namesFor: Record<string, readonly string[]> = {
    ReadData: reads,
    WriteData: writes,
    CreateTopic: creates,
    DescribeTopic: topics,
  };
  const calls = new Map<string, KafkaCall>();
  for (const method of kafkaMethodsBehind(use.entry))
    for (const action of actionsOf[method] ?? unknownMethod(method)) {
      const call = { action: `kafka-cluster:${action}` };
      const ofGroup = action.endsWith('Group');
      if (ofGroup && group === undefined)
        throw new Error(`${use.entry} calls ${method}, but its KafkaUse has no group`);
      if (ofGroup && group) calls.set(action, { ...call, kind: 'group', name: group });
      else if (namesFor[action] === undefined) calls.set(action, { ...call, kind: 'cluster' });
      for (const name of namesFor[action] ?? [])
        calls.set(`${action} ${name}`, { ...call, kind: 'topic', name });
    }
  return [...calls.values()];
}

/** The kafkajs methods called in `entry` and the files that it imports. */
export function kafkaMethodsBehind(entry: string): string[] {
  const called = new Set<string>();
  for (const file of filesBehind(entry))
    for (const [, method] of sourceOf(file).matchAll(/\.(\w+)\(/g))
      if (kafkaMethods.has(method as string) && !methodsWithoutRequests.has(method as string))
        called.add(method as string);
  return [...called].sort();
}

/** `entry` and the files that it imports values from. Imports of the runtime package are followed by name. */
export function filesBehind(entry: string): string[] {
  const seen = new Set<string>();
  const open = [entry];
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    if (seen.has(file)) continue;
    seen.add(file);
    for (const { names, from } of valueImports(sourceOf(file)))
      if (from.startsWith('.')) open.push(join(dirname(file), from));
      else if (from === '@order-stream/runtime') open.push(...runtimeFiles(names));
  }
  return [...seen].filter((file) => existsSync(join(root, file)));
}

function runtimeFiles(names: readonly string[]): string[] {
  const index = 'packages/runtime/src/index.ts';
  const exported = valueImports(sourceOf(index));
  return names.map((name) => {
    const found = exported.find((line) => line.names.includes(name));
    if (found === undefined) throw new Error(`${index} does not export ${name}`);
    return join(dirname(index), found.from);
  });
}

function valueImports(source: string): { names: string[]; from: string }[] {
  const lines = source.matchAll(
    /^(?:import|export) (?!type\b)(?:\{([^}]*)\}|[^;'"]*) from '([^']+)'/gm,
  );
  return [...lines].map(([, names = '', from]) => ({
    names: names
      .split(',')
      .map((name) => name.trim())
      .filter((name) => name !== '' && !name.startsWith('type ')),
    from: from as string,
  }));
}

function unknownMethod(method: string): never {
  throw new Error(`kafkajs's ${method} is called, but this file does not list its IAM actions`);
}

function sourceOf(file: string): string {
  return readFileSync(join(root, file), 'utf8');
}
