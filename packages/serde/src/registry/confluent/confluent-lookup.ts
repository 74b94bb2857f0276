import { UnknownSchemaError } from '../../errors.ts';
import { createIdCache, createNameCache } from '../schema-cache.ts';
import type { ConfluentClient } from './confluent-client.ts';
import { asRequestError } from './confluent-errors.ts';
import type { ConfluentRegistry } from './confluent-options.ts';
import type { ConfluentSchema, ReadConfluentSchema, SchemaAnswer } from './confluent-schema.ts';

/** Finds versions by id and by name for records. Answers are kept. */
export function createConfluentLookup(
  request: ConfluentClient,
  readSchema: ReadConfluentSchema,
  schemaVersion: ConfluentRegistry['schemaVersion'],
  cacheSize: number,
): Pick<ConfluentRegistry, 'schemaById' | 'latestSchema'> {
  const byId = createIdCache<ConfluentSchema>(cacheSize);
  const latest = createNameCache<ConfluentSchema>(cacheSize);

  async function fetchById(id: string): Promise<ConfluentSchema> {
    const answer = await request<SchemaAnswer>('GET', `/schemas/ids/${encodeURIComponent(id)}`);
    if (!answer.refusal) return await readSchema(answer.body, { id: Number(id) });
    if (answer.refusal.status === 404) throw new UnknownSchemaError(id);
    throw asRequestError(answer.refusal);
  }

  return {
    schemaById: (id) => byId(id, () => fetchById(id)),
    latestSchema: (name) => latest(name, () => schemaVersion(name, 'latest')),
  };
}
