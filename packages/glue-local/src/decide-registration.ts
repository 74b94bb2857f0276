import type { DataFormat } from '@order-stream/serde';
import { findReasons, nameCompared, nothingCompared } from './compatibility-reasons.ts';
import { fingerprint } from './definition.ts';
import { invalidInput } from './glue-error.ts';
import { checkQuota } from './quotas.ts';
import type { RegistryState } from './registry-state.ts';
import type { SchemaRow } from './schema-table.ts';
import type { Reasons, VersionRow } from './version-table.ts';

/** What the registration of a definition does: it returns a version that exists, or adds one. */
export type Registration = { readonly existing: VersionRow } | NewVersion;

/** A version that can be added, with all that was decided on it. */
export interface NewVersion {
  readonly existing?: undefined;
  readonly definition: string;
  readonly dataFormat: DataFormat;
  readonly fingerprint: string;
  /** What the definition was compared with, as `nameCompared` names it. */
  readonly compared: string;
  /** Why the new version is a FAILURE; none when it is compatible. */
  readonly reasons: Reasons;
}

/**
 * Decides on a registration without storing anything: the definition must be valid, a known one is its version, and a new
 * one is compared with the versions accepted before it, PENDING ones included.
 * @param printedId the SchemaId as AWS prints it in a message
 * @throws GlueError
 */
export function decideRegistration(
  state: RegistryState,
  schema: SchemaRow,
  definition: string,
  printedId: string,
): Registration {
  const print = fingerprint(schema.data_format, definition);
  const existing = findExisting(state, schema, print, printedId);
  if (existing !== undefined) return { existing };
  return {
    definition,
    dataFormat: schema.data_format,
    fingerprint: print,
    compared: nameCompared(state, schema),
    reasons: findReasons(state, schema, definition),
  };
}

/**
 * Decides on the first version of a schema that does not exist yet.
 * @throws GlueError InvalidInputException: not a definition of the format
 */
export function decideFirstVersion(dataFormat: DataFormat, definition: string): NewVersion {
  return {
    definition,
    dataFormat,
    fingerprint: fingerprint(dataFormat, definition),
    compared: nothingCompared,
    reasons: { kept: [], total: 0 },
  };
}

/**
 * Decides again on a version that was to be added before, without reading its definition and comparing it.
 * @param schema as it is now
 * @returns undefined when the definition would be compared with something else now
 * @throws GlueError
 */
export function confirmRegistration(
  state: RegistryState,
  schema: SchemaRow,
  decided: NewVersion,
  printedId: string,
): Registration | undefined {
  // A schema that was deleted and created again can have another format.
  if (schema.data_format !== decided.dataFormat) return undefined;
  const existing = findExisting(state, schema, decided.fingerprint, printedId);
  if (existing !== undefined) return { existing };
  return nameCompared(state, schema) === decided.compared ? decided : undefined;
}

/**
 * @returns the version that a definition has already; undefined when it can be a new one
 * @throws GlueError there can be no new version
 */
function findExisting(
  state: RegistryState,
  schema: SchemaRow,
  print: string,
  printedId: string,
): VersionRow | undefined {
  const existing = state.versions.findByFingerprint(schema, print);
  if (existing !== undefined) return existing;
  if (schema.last_number > 0 && schema.compatibility === 'DISABLED') {
    throw invalidInput(`Compatibility DISABLED does not allow versioning. SchemaId: ${printedId}`);
  }
  checkQuota(
    state.quotas.schemaVersions,
    state.versions.count,
    'More schema versions cannot be created. The maximum limit has been reached.',
  );
  return undefined;
}
