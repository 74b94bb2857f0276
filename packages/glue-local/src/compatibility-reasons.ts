import type { DataFormat } from '@order-stream/serde';
import { type CompatibilityMode, checkCompatibility } from '@order-stream/serde/compatibility';
import { orInvalidInput } from './definition.ts';
import type { RegistryState } from './registry-state.ts';
import type { SchemaRow } from './schema-table.ts';
import type { Reason } from './version-table.ts';

/**
 * Why a definition cannot follow the accepted versions of a schema, PENDING ones included; empty if it can.
 * @param mode default: that of the schema
 * @throws GlueError InvalidInputException: not a definition of the schema's format
 */
export function findReasons(
  state: RegistryState,
  schema: SchemaRow,
  definition: string,
  mode: CompatibilityMode = schema.compatibility,
): readonly Reason[] {
  if (mode === 'NONE') return [];
  return findFaults(schema.data_format, mode, definition, state.versions.listAccepted(schema));
}

/**
 * Why a definition cannot follow the given versions under a mode; empty if it can.
 * @param earlier oldest first
 * @throws GlueError InvalidInputException: not a definition of the format
 */
export function findFaults(
  dataFormat: DataFormat,
  mode: CompatibilityMode,
  definition: string,
  earlier: readonly { readonly number: number; readonly definition: string }[],
): readonly Reason[] {
  const previous = earlier.map((version) => version.definition);
  return orInvalidInput(dataFormat, () =>
    checkCompatibility(dataFormat, { mode, newSchema: definition, previous }).incompatibilities.map(
      (reason) => ({ ...reason, previousVersion: earlier[reason.previous]?.number }),
    ),
  );
}
