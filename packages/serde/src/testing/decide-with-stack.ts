import { parentPort, Worker, workerData } from 'node:worker_threads';
import {
  type CompatibilityQuestion,
  canonicalAvro,
  canonicalJson,
  canonicalProtobuf,
  checkCompatibility,
  definitionPlaces,
} from '../compatibility/index.ts';
import { checkJsonSchema } from '../json-schema/index.ts';
import type { DataFormat } from '../registry/schema-registry.ts';

/** A definition and one that follows it. */
export interface Succession {
  readonly dataFormat: DataFormat;
  readonly mode: CompatibilityQuestion['mode'];
  readonly previous: string;
  readonly next: string;
}

/** Each answer about two definitions: a result, or the message of an error. */
export type Answers = Record<'accepted' | 'verdict' | 'itself' | 'places', string>;

/** The answers in a thread with a stack of this size. The main thread of Node.js has 0.98 MiB. */
export async function decideWithStack(
  stackSizeMb: number,
  successions: readonly Succession[],
): Promise<readonly Answers[]> {
  const resourceLimits = { stackSizeMb };
  const thread = new Worker(new URL(import.meta.url), { workerData: successions, resourceLimits });
  return new Promise((resolve, reject) => {
    thread.once('message', resolve).once('error', reject);
  });
}

const canonical = { AVRO: canonicalAvro, JSON: canonicalJson, PROTOBUF: canonicalProtobuf };

function answersTo({ dataFormat, mode, previous, next }: Succession): Answers {
  return {
    accepted: answer(() => {
      if (dataFormat === 'JSON') checkJsonSchema(previous);
      return canonical[dataFormat](previous).length > 0;
    }),
    verdict: answer(() => {
      const question = { mode, newSchema: next, previous: [previous] };
      const { incompatibilities } = checkCompatibility(dataFormat, question);
      return [...new Set(incompatibilities.map(({ type }) => type))].join();
    }),
    itself: answer(() => {
      const question = { mode, newSchema: previous, previous: [previous] };
      return checkCompatibility(dataFormat, question).compatible;
    }),
    places: answer(() => definitionPlaces(dataFormat, previous)('/') === undefined),
  };
}

function answer(decide: () => unknown): string {
  try {
    return String(decide());
  } catch (error) {
    return (error as Error).message;
  }
}

if (parentPort && workerData) {
  parentPort.postMessage((workerData as readonly Succession[]).map(answersTo));
}
