import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from '@order-stream/local-stack/state-folder';
import kafkajs from 'kafkajs';

/** What a part of the system does with which topics and group. */
export interface KafkaUse {
  /** Where its imports begin, from the repository's root. */
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
 * The IAM actions behind each method of a kafkajs client.
 * Source: MSK developer guide, "Semantics of IAM authorization policy actions and resources".
 */
const actionsOf: Readonly<Record<string, readonly string[]>> = {
  connect: ['Connect'],
  fetchTopicMetadata: ['DescribeTopic'],
  fetchTopicOffsets: ['DescribeTopic'],
  fetchOffsets: ['DescribeGroup', 'DescribeTopic'],
  createTopics: ['CreateTopic'],
  // Every producer here is idempotent; the test of this table sees to it.
  send: ['WriteData', 'WriteDataIdempotently', 'DescribeTopic'],
  sendBatch: ['WriteData', 'WriteDataIdempotently', 'DescribeTopic'],
  subscribe: ['DescribeTopic'],
  run: ['AlterGroup', 'DescribeGroup', 'ReadData'],
  commitOffsetsIfNecessary: ['AlterGroup', 'ReadData'],
};

/** Methods that ask the cluster for nothing of their own. */
const silent = new Set([
  'disconnect',
  'on',
  'logger',
  'pause',
  'resume',
  'paused',
  'stop',
  'events',
]);

/** Every method of kafkajs's clients, by the library itself, and what a batch handler is given to commit with. */
export const kafkaMethods: ReadonlySet<string> = (() => {
  const kafka = new kafkajs.Kafka({ brokers: ['127.0.0.1:1'], logLevel: kafkajs.logLevel.NOTHING });
  const clients = [kafka.admin(), kafka.producer(), kafka.consumer({ groupId: 'none' })];
  return new Set([...clients.flatMap((client) => Object.keys(client)), 'commitOffsetsIfNecessary']);
})();

/** The calls that the code behind an entry point makes, by the kafkajs methods in the files that it imports. */
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
      if (action.endsWith('Group')) {
        if (group === undefined) throw new Error(`${use.entry} calls ${method}, and has no group`);
        calls.set(action, { action: `kafka-cluster:${action}`, kind: 'group', name: group });
        continue;
      }
      const names = namesFor[action];
      if (names === undefined)
        calls.set(action, { action: `kafka-cluster:${action}`, kind: 'cluster' });
      else
        for (const name of names)
          calls.set(`${action} ${name}`, {
            action: `kafka-cluster:${action}`,
            kind: 'topic',
            name,
          });
    }
  return [...calls.values()];
}

/** kafkajs methods that are called in the files that `entry` imports, itself included. */
export function kafkaMethodsBehind(entry: string): string[] {
  const called = new Set<string>();
  for (const file of filesBehind(entry))
    for (const [, method] of sourceOf(file).matchAll(/\.(\w+)\(/g))
      if (kafkaMethods.has(method as string) && !silent.has(method as string))
        called.add(method as string);
  return [...called].sort();
}

/** The files that run when `entry` does: imports of values, followed through the runtime package by name. */
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
    if (found === undefined) throw new Error(`${index} exports no ${name}`);
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
  throw new Error(`kafkajs's ${method} is called: which IAM actions does it need?`);
}

function sourceOf(file: string): string {
  return readFileSync(join(root, file), 'utf8');
}
