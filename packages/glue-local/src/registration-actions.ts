import { decideCreation, storeSchema } from './create-schema.ts';
import { decideRegistration } from './decide-registration.ts';
import { findLiveSchema } from './identifiers.ts';
import { storeDecided } from './register-version.ts';
import type { RegistryState } from './registry-state.ts';
import type { SlowActions } from './request.ts';
import { statusOf, type VersionRow } from './version-table.ts';

/** The operations that read a definition and compare it, which can take seconds. */
export function createRegistrationActions(state: RegistryState) {
  return {
    CreateSchema(request, call) {
      const firstVersion = decideCreation(state, request);
      return { store: () => storeSchema(state, request, firstVersion, call) };
    },

    RegisterSchemaVersion({ SchemaId, SchemaDefinition }, call) {
      const { id, row } = findLiveSchema(state, SchemaId);
      const decided = decideRegistration(state, row, SchemaDefinition, id.printed);
      if (decided.existing !== undefined) return { answer: describe(decided.existing) };
      return {
        store() {
          const found = findLiveSchema(state, SchemaId);
          const version = storeDecided(state, found.row, decided, found.id.printed, call);
          return version && describe(version);
        },
      };
    },
  } satisfies SlowActions;

  function describe(version: VersionRow) {
    return {
      SchemaVersionId: version.id,
      VersionNumber: version.number,
      Status: statusOf(version, state.now()),
    };
  }
}
