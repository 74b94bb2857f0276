import type { RegistryState } from './registry-state.ts';
import { statusOf } from './version-table.ts';

/** Why a version is FAILURE, as the registry answers; undefined when there is no such version. */
export function reasonsAnswer(state: RegistryState, schemaVersionId: string) {
  const version = state.versions.findById(schemaVersionId);
  if (version === undefined) return undefined;
  const status = statusOf(version, state.now());
  // A PENDING version has its verdict already, which AWS does not show either.
  const { kept, total } =
    status === 'FAILURE' ? state.versions.findReasons(version.id) : { kept: [], total: 0 };
  return {
    schemaVersionId,
    status,
    incompatibilityCount: total,
    notKept: total - kept.length,
    incompatibilities: kept,
  };
}
