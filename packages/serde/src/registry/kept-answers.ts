import { UndecodableError } from '../errors.ts';
import { createSchemaCache } from './schema-cache.ts';
import type { RegistryClient } from './schema-catalog.ts';
import type { RegisteredSchema } from './schema-registry.ts';

/** A name can come to mean another version. */
const nameRefreshMs = 5 * 60_000;
/** Without this, a burst of records that cannot be read becomes a burst of requests. */
const undecodableMemoryMs = 10_000;

/** Keeps a registry's answers to the questions of records, at most `maxEntries` of each kind. */
export function keepAnswers<Schema extends RegisteredSchema>(
  registry: Pick<RegistryClient<Schema>, 'schemaById' | 'schemaByDefinition' | 'schemaVersion'>,
  maxEntries = 1_000,
): Pick<RegistryClient<Schema>, 'schemaById' | 'schemaByDefinition' | 'latestSchema'> {
  const byId = createSchemaCache<Schema>({
    maxEntries,
    failureMs: (error) => (error instanceof UndecodableError ? undecodableMemoryMs : 0),
  });
  const byDefinition = createSchemaCache<Schema>({ maxEntries, refreshAfterMs: nameRefreshMs });
  const latest = createSchemaCache<Schema>({ maxEntries, refreshAfterMs: nameRefreshMs });

  return {
    schemaById: (id) => byId(id, () => registry.schemaById(id)),
    schemaByDefinition: (...question) =>
      byDefinition(question.slice(0, 3).join('\0'), () => registry.schemaByDefinition(...question)),
    latestSchema: (name) => latest(name, () => registry.schemaVersion(name, 'latest')),
  };
}
