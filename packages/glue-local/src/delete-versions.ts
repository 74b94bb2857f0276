import { isDeleting } from './deleted-row.ts';
import { GlueError, invalidInput, invalidParameter } from './glue-error.ts';
import type { RegistryState } from './registry-state.ts';
import type { SchemaRow } from './schema-table.ts';
import { shapes } from './service-model.ts';
import { statusOf } from './version-table.ts';

// https://docs.aws.amazon.com/glue/latest/dg/schema-registry-gs7.html
const maxVersions = 25;

interface VersionError {
  VersionNumber: number;
  ErrorDetails: { ErrorCode: string; ErrorMessage: string };
}

/**
 * Deletes a version or a range of versions, each with its metadata.
 * @param versions `5` or `5-8`
 * @returns the versions that stay, with the reason
 * @throws GlueError InvalidInputException when nothing is deleted: a wrong range, the checkpoint in it, or a PENDING
 *   newest version
 */
export function deleteVersions(
  state: RegistryState,
  schema: SchemaRow,
  versions: string,
): VersionError[] {
  const { first, last } = readRange(versions);
  if (first <= schema.checkpoint && schema.checkpoint <= last) {
    // The service model says "a 409 conflict", and declares no exception of that name for this action.
    throw new GlueError(
      'InvalidInputException',
      `Version ${schema.checkpoint} is the checkpoint of the schema and cannot be deleted: move the checkpoint first.`,
      409,
    );
  }
  const nowMs = state.now();
  const newest = state.versions.findNewest(schema);
  if (newest !== undefined && statusOf(newest, nowMs) === 'PENDING') {
    throw invalidInput(`The latest schema version, ${newest.number}, is PENDING: try again later.`);
  }
  const errors: VersionError[] = [];
  for (let number = first; number <= last; number += 1) {
    const error = deleteVersion(state, schema, number, nowMs);
    if (error === undefined) continue;
    const [ErrorCode, ErrorMessage] = error;
    errors.push({ VersionNumber: number, ErrorDetails: { ErrorCode, ErrorMessage } });
  }
  return errors;
}

function readRange(versions: string) {
  const [first = 0, last = first] = versions.split('-').map(Number);
  if (Math.max(first, last) > shapes.VersionLongNumber.max) {
    throw invalidParameter('The version number is too large.', 'versions');
  }
  if (last < first) throw invalidParameter('The range ends before it begins.', 'versions');
  if (last - first >= maxVersions) {
    throw invalidParameter(
      `At most ${maxVersions} contiguous versions can be deleted.`,
      'versions',
    );
  }
  return { first, last };
}

/** @returns code and message of the error, when the version stays */
function deleteVersion(
  state: RegistryState,
  schema: SchemaRow,
  number: number,
  nowMs: number,
): [code: string, message: string] | undefined {
  const version = state.versions.findByNumber(schema, number);
  if (version === undefined || isDeleting(version)) {
    return ['EntityNotFoundException', `Schema version is not found. VersionNumber: ${number}`];
  }
  if (number === 1) {
    return [
      'InvalidInputException',
      'The first schema version can only be deleted together with its schema.',
    ];
  }
  if (version.verdict === 'AVAILABLE' && schema.compatibility.endsWith('_ALL')) {
    return [
      'InvalidInputException',
      `Compatibility ${schema.compatibility} compares new versions with this one.`,
    ];
  }
  state.deletions.markVersion(version.id, nowMs);
  const context = { registry: schema.registry, schema: schema.name, versionNumber: number };
  state.log.info({ ...context, schemaVersionId: version.id }, 'schema version deleted');
  return undefined;
}
