import { findReasons } from './compatibility-reasons.ts';
import { fingerprint } from './definition.ts';
import { invalidInput } from './glue-error.ts';
import { checkQuota } from './quotas.ts';
import type { RegistryState } from './registry-state.ts';
import type { SchemaRow } from './schema-table.ts';
import type { Reasons, VersionRow } from './version-table.ts';

/** What the registration of a definition does: it returns a version that exists, or adds one. */
export type Registration =
  | { readonly existing: VersionRow }
  | {
      readonly existing?: undefined;
      readonly fingerprint: string;
      /** The first version of its schema is AVAILABLE at once. */
      readonly isFirst: boolean;
      /** Why the new version is a FAILURE; none when it is compatible. */
      readonly reasons: Reasons;
    };

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
  const existing = state.versions.findByFingerprint(schema, print);
  if (existing !== undefined) return { existing };

  const isFirst = schema.last_number === 0;
  if (!isFirst && schema.compatibility === 'DISABLED') {
    throw invalidInput(`Compatibility DISABLED does not allow versioning. SchemaId: ${printedId}`);
  }
  checkQuota(
    state.quotas.schemaVersions,
    state.versions.count,
    'More schema versions cannot be created. The maximum limit has been reached.',
  );
  const reasons = isFirst ? { kept: [], total: 0 } : findReasons(state, schema, definition);
  return { fingerprint: print, isFirst, reasons };
}
