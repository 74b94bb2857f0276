import { InvalidSchemaError, SchemaNotRegisteredError, UndecodableError } from '../errors.ts';
import { createSchemaCache } from './schema-cache.ts';
import type { RegistryClient } from './schema-catalog.ts';
import { idOf, type RegisteredSchema } from './schema-registry.ts';

/** A name can come to mean another version. */
const nameRefreshMs = 5 * 60_000;
/** Without this, a burst of records that cannot be read becomes a burst of requests. */
const undecodableMemoryMs = 10_000;

/** What a client asks its registry about records. */
type Questions<Schema extends RegisteredSchema> = Pick<
  RegistryClient<Schema>,
  'schemaById' | 'schemaByDefinition' | 'schemaVersion'
> & {
  /** The schemas that have this version, and its number in each. */
  versionsOf(writer: RegisteredSchema): Promise<readonly NamedVersion[]>;
};

export interface NamedVersion {
  readonly name: string;
  readonly versionNumber: number;
}

/** Keeps a registry's answers to the questions of records, at most `maxEntries` of each kind. */
export function keepAnswers<Schema extends RegisteredSchema>(
  registry: Questions<Schema>,
  maxEntries = 1_000,
): Pick<
  RegistryClient<Schema>,
  'schemaById' | 'schemaByDefinition' | 'latestSchema' | 'latestVersionOf'
> {
  const failureMs = (error: unknown) =>
    error instanceof UndecodableError ? undecodableMemoryMs : 0;
  const byId = createSchemaCache<Schema>({ maxEntries, failureMs });
  const byDefinition = createSchemaCache<Schema>({ maxEntries, refreshAfterMs: nameRefreshMs });
  const latest = createSchemaCache<Schema>({ maxEntries, refreshAfterMs: nameRefreshMs });
  const atLeast = createSchemaCache<Schema>({ maxEntries, refreshAfterMs: nameRefreshMs });
  const versions = createSchemaCache<readonly NamedVersion[]>({
    maxEntries,
    refreshAfterMs: nameRefreshMs,
    failureMs,
  });
  const askLatest = (name: string) => () => registry.schemaVersion(name, 'latest');

  return {
    schemaById: (id) => byId(id, () => registry.schemaById(id)),
    schemaByDefinition: (...question) =>
      byDefinition(question.slice(0, 3).join('\0'), () => registry.schemaByDefinition(...question)),
    latestSchema: (name) => latest(name, askLatest(name)),
    async latestVersionOf(writer, names = []) {
      const id = idOf(writer) ?? '';
      const found = await versions(id, () => registry.versionsOf(writer));
      const { name, versionNumber: written } = chosenVersion(id, found, names);
      try {
        const kept = await latest(name, askLatest(name));
        // The kept answer can be older than the record, whose new fields would be dropped.
        if ((kept.versionNumber ?? written) >= written) return kept;
        return await atLeast(`${name}\0${written}`, askLatest(name));
      } catch (error) {
        if (!(error instanceof SchemaNotRegisteredError)) throw error;
        throw new InvalidSchemaError(`schema ${name} has no version any more`, id);
      }
    },
  };
}

/** @throws InvalidSchemaError */
function chosenVersion(
  id: string,
  found: readonly NamedVersion[],
  names: readonly string[],
): NamedVersion {
  const [only, ...others] = found;
  if (only === undefined) throw new InvalidSchemaError('no schema has this version any more', id);
  if (others.length === 0) return only;
  for (const wanted of names) {
    const chosen = found.find(({ name }) => name === wanted);
    if (chosen !== undefined) return chosen;
  }
  const list = found.map(({ name }) => name).join(', ');
  throw new InvalidSchemaError(`the latest version is that of one of these schemas: ${list}`, id);
}
