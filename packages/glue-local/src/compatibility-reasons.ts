import type { DataFormat } from '@order-stream/serde';
import { type CompatibilityMode, checkCompatibility } from '@order-stream/serde/compatibility';
import { orInvalidInput } from './definition.ts';
import { firstReasons, type Reason } from './kept-reasons.ts';
import type { RegistryState } from './registry-state.ts';
import type { SchemaRow } from './schema-table.ts';
import type { AcceptedVersion, Reasons } from './version-table.ts';

/**
 * Why a definition cannot follow the accepted versions of a schema, PENDING ones included; empty if it can.
 * Reads only the versions that the mode compares with, and few of their texts at a time.
 * @throws GlueError InvalidInputException: not a definition of the schema's format
 */
export function findReasons(state: RegistryState, schema: SchemaRow, definition: string): Reasons {
  const mode = schema.compatibility;
  let kept: readonly Reason[] = [];
  let total = 0;
  let isFull = false;
  for (const { versions, from } of comparedVersions(state, schema, mode)) {
    const found = findFaults(schema.data_format, mode, definition, versions);
    total += found.length;
    if (isFull) continue;
    const placed = found.map((reason) => ({ ...reason, previous: from + reason.previous }));
    const all = [...kept, ...placed];
    kept = firstReasons(all);
    isFull = kept.length < all.length;
  }
  return { kept, total };
}

export const nothingCompared = 'nothing';

/**
 * Names all that `findReasons` depends on besides the definition: the mode, and the versions that it compares with. While
 * the name is the same, so are the reasons.
 */
export function nameCompared(state: RegistryState, schema: SchemaRow): string {
  const mode = schema.compatibility;
  if (mode === 'NONE' || schema.last_number === 0) return nothingCompared;
  if (mode.endsWith('_ALL')) return [mode, ...state.versions.listAcceptedIds(schema)].join();
  // A reason has the place of its version among the accepted ones.
  return [
    mode,
    state.versions.findLastAcceptedId(schema),
    state.versions.countAccepted(schema),
  ].join();
}

interface ComparedVersions {
  /** Oldest first. */
  readonly versions: readonly AcceptedVersion[];
  /** The index of the first of them among all accepted versions. */
  readonly from: number;
}

/** One batch is compared at a time: its texts are in memory together, and the new definition is parsed for each batch. */
const batchCharacters = 500_000;

function* comparedVersions(
  state: RegistryState,
  schema: SchemaRow,
  mode: CompatibilityMode,
): Generator<ComparedVersions> {
  if (mode === 'NONE') return;
  if (!mode.endsWith('_ALL')) {
    const last = state.versions.findLastAccepted(schema);
    if (last !== undefined)
      yield { versions: [last], from: state.versions.countAccepted(schema) - 1 };
    return;
  }
  let versions: AcceptedVersion[] = [];
  let characters = 0;
  let from = 0;
  for (const version of state.versions.eachAccepted(schema)) {
    versions.push(version);
    characters += version.definition.length;
    if (characters < batchCharacters) continue;
    yield { versions, from };
    from += versions.length;
    versions = [];
    characters = 0;
  }
  if (versions.length > 0) yield { versions, from };
}

/**
 * Why a definition cannot follow the given versions under a mode; empty if it can.
 * @param earlier oldest first
 * @throws GlueError InvalidInputException: not a definition of the format
 */
function findFaults(
  dataFormat: DataFormat,
  mode: CompatibilityMode,
  definition: string,
  earlier: readonly AcceptedVersion[],
): readonly Reason[] {
  const previous = earlier.map((version) => version.definition);
  return orInvalidInput(dataFormat, () =>
    checkCompatibility(dataFormat, { mode, newSchema: definition, previous }).incompatibilities.map(
      (reason) => ({ ...reason, previousVersion: earlier[reason.previous]?.number }),
    ),
  );
}
