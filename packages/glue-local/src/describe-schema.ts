import { isDeleting } from './deleted-row.ts';
import { isoTime, type RegistryState } from './registry-state.ts';
import type { SchemaRow } from './schema-table.ts';

/** A schema as GetSchema answers. */
export function describeSchema(state: RegistryState, row: SchemaRow) {
  const latest = state.versions.findLatest(row, state.now())?.number;
  return {
    ...describeListedSchema(state, row),
    RegistryArn: state.arns.registry(row.registry),
    DataFormat: row.data_format,
    Compatibility: row.compatibility,
    SchemaCheckpoint: row.checkpoint,
    LatestSchemaVersion: latest,
    NextSchemaVersion: (latest ?? 0) + 1,
  };
}

/** A schema as in a list. */
export function describeListedSchema(state: RegistryState, row: SchemaRow) {
  return {
    RegistryName: row.registry,
    SchemaName: row.name,
    SchemaArn: state.arns.schema(row),
    Description: row.description ?? undefined,
    SchemaStatus: isDeleting(row) ? 'DELETING' : 'AVAILABLE',
    CreatedTime: isoTime(row.created_ms),
    UpdatedTime: isoTime(row.updated_ms),
  };
}
