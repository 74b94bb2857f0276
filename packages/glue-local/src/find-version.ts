import { GlueError, invalidInput } from './glue-error.ts';
import { findSchema, type SchemaId } from './identifiers.ts';
import type { RegistryState } from './registry-state.ts';
import type { SchemaIdInput, VersionNumberInput } from './request.ts';
import type { VersionRow } from './version-table.ts';

export function schemaVersionNotFound(identifier: string): GlueError {
  return new GlueError('EntityNotFoundException', `Schema version is not found. ${identifier}`);
}

/** Finds a version by SchemaVersionId alone, or by SchemaId and SchemaVersionNumber. */
export function findVersion(
  state: RegistryState,
  input: {
    SchemaVersionId?: string;
    SchemaId?: SchemaIdInput;
    SchemaVersionNumber?: VersionNumberInput;
  },
): VersionRow {
  const { SchemaVersionId: versionId, SchemaId: schemaId, SchemaVersionNumber: number } = input;
  if (versionId !== undefined) {
    if (schemaId !== undefined || number !== undefined) {
      throw invalidInput(
        'No other input parameters can be specified when fetching by SchemaVersionId.',
      );
    }
    const version = state.versions.findById(versionId);
    if (version === undefined) throw schemaVersionNotFound(`SchemaVersionId: ${versionId}`);
    return version;
  }
  if (schemaId === undefined) {
    throw invalidInput(
      'At least one of (registryName and schemaName) or schemaArn has to be provided.',
    );
  }
  return findNumberedVersion(state, findSchema(state, schemaId).id, number ?? {});
}

/** Finds a version by either VersionNumber or LatestVersion. */
export function findNumberedVersion(
  state: RegistryState,
  id: SchemaId,
  { LatestVersion: latest = false, VersionNumber: number }: VersionNumberInput,
): VersionRow {
  if (latest && number !== undefined) {
    throw invalidInput('Only one of VersionNumber or LatestVersion is required.');
  }
  if (!latest && number === undefined) {
    throw invalidInput('One of version number (or) latest version is required.');
  }
  const version =
    number === undefined
      ? state.versions.findLatest(id.key, state.now())
      : state.versions.findByNumber(id.key, number);
  if (version === undefined) {
    throw schemaVersionNotFound(
      `${id.listed}, VersionNumber: ${number ?? null}, isLatestVersion: ${latest}`,
    );
  }
  return version;
}
