import type { Arns } from './arn.ts';
import type { CommitLog } from './commit-log.ts';
import type { Database } from './database.ts';
import { createDeletions } from './deletion.ts';
import { createMetadataTable } from './metadata-table.ts';
import type { Quotas } from './quotas.ts';
import { createRegistryTable } from './registry-table.ts';
import { createSchemaTable } from './schema-table.ts';
import { createTagTable } from './tag-table.ts';
import { createVersionTable } from './version-table.ts';

export type RegistryState = ReturnType<typeof createRegistryState>;

/** The state that the actions read and write. */
export function createRegistryState({
  database,
  deletingMs,
  ...rest
}: {
  database: Database;
  arns: Arns;
  /** How long a version after the first stays PENDING. */
  pendingMs: number;
  /** How long what was deleted stays DELETING. */
  deletingMs: number;
  quotas: Quotas;
  now: () => number;
  log: CommitLog;
}) {
  return {
    ...rest,
    registries: createRegistryTable(database),
    schemas: createSchemaTable(database),
    versions: createVersionTable(database),
    metadata: createMetadataTable(database),
    tags: createTagTable(database),
    deletions: createDeletions(database, deletingMs),
  };
}

/** Times are sent as strings: ISO 8601 in UTC. */
export function isoTime(ms: number): string {
  return new Date(ms).toISOString();
}
