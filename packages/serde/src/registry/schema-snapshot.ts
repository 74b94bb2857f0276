import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { rename, rm, writeFile } from 'node:fs/promises';
import { SerdeError } from '../errors.ts';
import { createBoundedMap } from './bounded-map.ts';
import type { RegisteredSchema, SchemaRegistry } from './schema-registry.ts';

/** Where answers are kept. */
export interface SchemaSnapshotOptions {
  /** Path of a JSON file in a folder that exists. */
  file: string;
  /** Told what is wrong with a file that is there and cannot be read or written. Default: nobody is. */
  onFault?: (error: Error) => void;
}

const format = 'schema snapshot 1';
const maxAnswers = 1_000;

interface SnapshotFile {
  format: string;
  source: string;
  answers: [question: string, answer: RegisteredSchema][];
}

/**
 * Keeps a registry's answers in a file as well, so that a process can start while the registry is away: what the
 * registry cannot say now, the file says, if it was ever asked. As long as the registry answers, its word counts. The file of
 * another registry (`source`) is not used: ids mean nothing elsewhere.
 *
 * Invariant: the file is replaced as a whole, so that a crash leaves the old one or the new one.
 */
export function withSnapshot<Registry extends SchemaRegistry & { readonly source: string }>(
  registry: Registry,
  options: SchemaSnapshotOptions,
): Registry & { readonly snapshotAnswers: () => number } {
  const { file, onFault = () => {} } = options;
  const { source } = registry;
  const answers = createBoundedMap<string, RegisteredSchema>(maxAnswers);
  let questions = new Set<string>();
  let saving = false;
  let changed = false;
  for (const [question, answer] of readAnswers()) keep(question, Object.freeze(answer));

  function readAnswers(): SnapshotFile['answers'] {
    try {
      const read = JSON.parse(readFileSync(file, 'utf8')) as SnapshotFile;
      if (read.format !== format) throw new Error(`${file} is no ${format}`);
      return read.source === source ? read.answers : [];
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') onFault(error as Error);
      return [];
    }
  }

  function keep(question: string, answer: RegisteredSchema): void {
    answers.set(question, answer);
    questions.add(question);
  }

  async function save(): Promise<void> {
    saving = true;
    while (changed) {
      changed = false;
      const kept = [...questions].flatMap((question): SnapshotFile['answers'] => {
        const answer = answers.get(question);
        return answer ? [[question, answer]] : [];
      });
      questions = new Set(kept.map(([question]) => question));
      const content: SnapshotFile = { format, source, answers: kept };
      const unfinished = `${file}.${randomUUID()}`;
      try {
        await writeFile(unfinished, `${JSON.stringify(content, null, 1)}\n`);
        await rename(unfinished, file);
      } catch (error) {
        onFault(error as Error);
        // Also where the folder itself is out of reach: a file that cannot be written ends no process.
        await rm(unfinished, { force: true }).catch(() => {});
      }
    }
    saving = false;
  }

  async function remembering<T extends RegisteredSchema>(
    question: string,
    asked: Promise<T>,
  ): Promise<T> {
    try {
      const answer = await asked;
      const known = answers.get(question);
      if (known === undefined || JSON.stringify(known) !== JSON.stringify(answer)) {
        keep(question, answer);
        changed = true;
        if (!saving) void save();
      }
      return answer;
    } catch (error) {
      const known = answers.get(question);
      if (known && error instanceof SerdeError && error.retryable) return known as T;
      throw error;
    }
  }

  return {
    ...registry,
    /** How many answers there are to start with or go on with. */
    snapshotAnswers: () => questions.size,
    schemaById: (id: string) => remembering(`id ${id}`, registry.schemaById(id)),
    schemaByDefinition: (...asked: Parameters<SchemaRegistry['schemaByDefinition']>) => {
      const [schemaName, dataFormat, definition] = asked;
      const question = `definition ${JSON.stringify([schemaName, dataFormat, definition])}`;
      return remembering(question, registry.schemaByDefinition(...asked));
    },
  };
}
