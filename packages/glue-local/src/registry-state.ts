import type { FastifyBaseLogger } from 'fastify';
import { type Arns, createArns } from './arn.ts';
import type { Database } from './database.ts';
import { createMetadataTable } from './metadata-table.ts';
import { createRegistryTable } from './registry-table.ts';
import { createSchemaTable } from './schema-table.ts';
import { createTagTable } from './tag-table.ts';
import { createVersionTable } from './version-table.ts';

/** The state that the actions read and write. */
export interface RegistryState {
  database: Database;
  registries: ReturnType<typeof createRegistryTable>;
  schemas: ReturnType<typeof createSchemaTable>;
  versions: ReturnType<typeof createVersionTable>;
  metadata: ReturnType<typeof createMetadataTable>;
  tags: ReturnType<typeof createTagTable>;
  arns: Arns;
  /** How long a version after the first stays PENDING. */
  pendingMs: number;
  now(): number;
  log: FastifyBaseLogger;
}

export function createRegistryState(options: {
  database: Database;
  region: string;
  accountId: string;
  pendingMs: number;
  now: () => number;
  log: FastifyBaseLogger;
}): RegistryState {
  const { database, region, accountId, pendingMs, now, log } = options;
  return {
    database,
    registries: createRegistryTable(database),
    schemas: createSchemaTable(database),
    versions: createVersionTable(database),
    metadata: createMetadataTable(database),
    tags: createTagTable(database),
    arns: createArns({ region, accountId }),
    pendingMs,
    now,
    log,
  };
}

/** Times are sent as strings: ISO 8601 in UTC. */
export function isoTime(ms: number): string {
  return new Date(ms).toISOString();
}
