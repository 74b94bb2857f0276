import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { rename, rm, writeFile } from 'node:fs/promises';
import { SerdeError } from '../errors.ts';
import { aFunction, aRegistry, aText, checkOptions, kindOf, required } from '../option-checks.ts';
import { createBoundedMap } from './bounded-map.ts';
import type { RegistryClient } from './schema-catalog.ts';
import { idOf, type RegisteredSchema, type SchemaRegistry } from './schema-registry.ts';

/** Where a snapshot is stored. */
export interface SchemaSnapshotOptions {
  /** Path of a JSON file in an existing folder. */
  file: string;
  /** Called when an existing file cannot be read, or the file cannot be written. Default: ignore it. */
  onFault?: (error: Error) => void;
}

const format = 'schema snapshot 1';
const maxAnswers = 1_000;

interface SnapshotFile {
  format: string;
  source: string;
  answers: [question: string, answer: RegisteredSchema][];
}

type SnapshotRegistry = SchemaRegistry & { readonly source: string } & Partial<
    Pick<RegistryClient<RegisteredSchema>, 'latestVersionOf' | 'latestSchema'>
  >;

/**
 * Keeps the answers of a registry in a file as well, so that a process can start while the registry is unavailable.
 * The answer of the file is used only if the registry fails with a retryable error. The file of another registry
 * (`source`) is not used, because its ids differ.
 *
 * Invariant: the file is replaced as a whole, so that a crash leaves the old file or the new one.
 *
 * @throws TypeError the registry or an option is not what it may be
 */
export function withSnapshot<Registry extends SnapshotRegistry>(
  registry: Registry,
  options: SchemaSnapshotOptions,
): Registry & {
  /** Number of answers that can replace those of the registry. */
  readonly snapshotAnswers: () => number;
} {
  const { expected, accepts } = aRegistry('schemaById', 'schemaByDefinition');
  if (!accepts(registry) || typeof registry.source !== 'string')
    throw new TypeError(
      `withSnapshot: registry: expected ${expected} and source, got ${kindOf(registry)}`,
    );
  checkOptions('withSnapshot', options, { file: required(aText), onFault: aFunction });
  const { file, onFault = () => {} } = options;
  const { source } = registry;
  const answers = createBoundedMap<string, RegisteredSchema>(maxAnswers);
  let saving = false;
  let changed = false;
  for (const [question, answer] of readAnswers()) answers.set(question, Object.freeze(answer));

  function readAnswers(): SnapshotFile['answers'] {
    try {
      const read = JSON.parse(readFileSync(file, 'utf8')) as SnapshotFile;
      if (read.format !== format) throw new Error(`${file}: expected the format "${format}"`);
      return read.source === source ? read.answers : [];
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') onFault(error as Error);
      return [];
    }
  }

  async function save(): Promise<void> {
    saving = true;
    while (changed) {
      changed = false;
      const content: SnapshotFile = { format, source, answers: answers.entries() };
      const unfinished = `${file}.${randomUUID()}`;
      try {
        await writeFile(unfinished, `${JSON.stringify(content, null, 1)}\n`);
        await rename(unfinished, file);
      } catch (error) {
        onFault(error as Error);
        // Also when the folder is inaccessible: a file that cannot be written must not end the process.
        await rm(unfinished, { force: true }).catch(() => {});
      }
    }
    saving = false;
  }

  async function answerOrSnapshot<T extends RegisteredSchema>(
    question: string,
    asked: Promise<T>,
  ): Promise<T> {
    try {
      const answer = await asked;
      const known = answers.get(question);
      if (known === undefined || JSON.stringify(known) !== JSON.stringify(answer)) {
        answers.set(question, answer);
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

  const { latestVersionOf, latestSchema } = registry;
  return {
    ...registry,
    ...(latestVersionOf && {
      latestVersionOf: (writer: RegisteredSchema, names: readonly string[] = []) => {
        const question = `latest of ${JSON.stringify([idOf(writer), ...names])}`;
        return answerOrSnapshot(question, latestVersionOf(writer, names));
      },
    }),
    ...(latestSchema && {
      latestSchema: (schemaName: string) =>
        answerOrSnapshot(`newest of ${JSON.stringify(schemaName)}`, latestSchema(schemaName)),
    }),
    snapshotAnswers: () => answers.entries().length,
    schemaById: (id: string) => answerOrSnapshot(`id ${id}`, registry.schemaById(id)),
    schemaByDefinition: (...asked: Parameters<SchemaRegistry['schemaByDefinition']>) => {
      const [schemaName, dataFormat, definition] = asked;
      const question = `definition ${JSON.stringify([schemaName, dataFormat, definition])}`;
      return answerOrSnapshot(question, registry.schemaByDefinition(...asked));
    },
  };
}
