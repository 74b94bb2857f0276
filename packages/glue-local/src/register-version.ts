import { randomUUID } from 'node:crypto';
import {
  confirmRegistration,
  decideRegistration,
  type NewVersion,
  type Registration,
} from './decide-registration.ts';
import { firstReasons } from './kept-reasons.ts';
import type { RegistryState } from './registry-state.ts';
import type { Call } from './request.ts';
import type { SchemaRow } from './schema-table.ts';
import { heldMs, statusOf, type VersionRow } from './version-table.ts';

const logged = { count: 10, characters: 10_000 };

/**
 * Adds a version, and checks at once whether it is compatible with the versions accepted before it, PENDING ones
 * included. The verdict is visible after `pendingMs`; the first version is AVAILABLE immediately. A definition that is
 * already registered returns its version.
 * A fault can hold any version PENDING.
 * @param printedId the SchemaId as AWS prints it in a message
 * @throws GlueError
 */
export function registerVersion(
  state: RegistryState,
  schema: SchemaRow,
  definition: string,
  printedId: string,
  call: Call,
): VersionRow {
  const decided = decideRegistration(state, schema, definition, printedId);
  return storeRegistration(state, schema, decided, call);
}

/**
 * The same for a version that was decided on before this transaction.
 * @returns undefined when the definition has to be compared again, because the mode or the versions are not those any more
 * @throws GlueError
 */
export function storeDecided(
  state: RegistryState,
  schema: SchemaRow,
  decided: NewVersion,
  printedId: string,
  call: Call,
): VersionRow | undefined {
  const confirmed = confirmRegistration(state, schema, decided, printedId);
  return confirmed && storeRegistration(state, schema, confirmed, call);
}

function storeRegistration(
  state: RegistryState,
  schema: SchemaRow,
  decided: Registration,
  call: Call,
): VersionRow {
  if (decided.existing !== undefined) return decided.existing;
  const { definition, fingerprint, reasons } = decided;
  const nowMs = state.now();
  const id = randomUUID();
  const isFirst = schema.last_number === 0;
  const version: VersionRow = {
    id,
    registry: schema.registry,
    schema: schema.name,
    number: state.schemas.takeNumber(schema),
    definition,
    fingerprint,
    verdict: reasons.total === 0 ? 'AVAILABLE' : 'FAILURE',
    // 0 instead of now: a clock that is set back must not make an AVAILABLE version PENDING again.
    settled_ms: call.holdsVersion(id)
      ? heldMs
      : isFirst || state.pendingMs === 0
        ? 0
        : nowMs + state.pendingMs,
    incompatibility_count: reasons.total,
    created_ms: nowMs,
  };
  state.versions.insert(version, JSON.stringify(reasons.kept));
  const context = {
    registry: schema.registry,
    schema: schema.name,
    versionNumber: version.number,
    schemaVersionId: version.id,
    status: statusOf(version, nowMs),
    compatibility: schema.compatibility,
  };
  if (version.verdict === 'AVAILABLE') state.log.info(context, 'schema version registered');
  else {
    const incompatibilities = firstReasons(reasons.kept, logged);
    const counted = { ...context, incompatibilityCount: reasons.total, incompatibilities };
    state.log.warn(counted, 'schema version is incompatible');
  }
  return version;
}
