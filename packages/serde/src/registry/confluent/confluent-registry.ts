import { createConfluentCatalog } from './confluent-catalog.ts';
import { createConfluentClient } from './confluent-client.ts';
import { bodyOf } from './confluent-errors.ts';
import { createConfluentLookup } from './confluent-lookup.ts';
import type { ConfluentRegistry, ConfluentRegistryOptions } from './confluent-options.ts';
import { createConfluentRegistration } from './confluent-registration.ts';
import { createConfluentSchemas } from './confluent-schema.ts';

export type { SchemaCatalog } from '../schema-catalog.ts';
export type { ConfluentAuth } from './confluent-client.ts';
export type {
  ConfluentCompatibility,
  ConfluentRegistry,
  ConfluentRegistryOptions,
} from './confluent-options.ts';
export type { ConfluentSchema } from './confluent-schema.ts';

/** Sends nothing before the first call, so that a service can start while the registry is unreachable. */
export function createConfluentRegistry(options: ConfluentRegistryOptions): ConfluentRegistry {
  const { cacheSize = 1_000 } = options;
  const request = createConfluentClient(options);
  const readSchema = createConfluentSchemas(request, cacheSize);
  const catalog = createConfluentCatalog(request, readSchema);

  return {
    framing: 'confluent',
    source: request.root,
    ...createConfluentLookup(request, readSchema, catalog.schemaVersion, cacheSize),
    ...createConfluentRegistration(request, readSchema, options, cacheSize),
    ...catalog,
    check: async () => {
      // The cheapest request that every version of the API answers.
      bodyOf(await request('GET', '/schemas/types'));
    },
    close() {},
  };
}
