import { beingDeleted, isDeleting } from './deleted-row.ts';
import { GlueError } from './glue-error.ts';
import { findRegistry } from './identifiers.ts';
import { readPage } from './paging.ts';
import { checkQuota } from './quotas.ts';
import { isoTime, type RegistryState } from './registry-state.ts';
import type { RegistryRow } from './registry-table.ts';
import type { Actions } from './request.ts';
import { registryResource, schemaResourcesOf } from './resource-name.ts';
import { checkTagKeys } from './tag-rules.ts';

export function createRegistryActions(state: RegistryState) {
  return {
    CreateRegistry({ RegistryName, Description, Tags = {} }) {
      checkTagKeys(Object.keys(Tags));
      if (state.registries.find(RegistryName) !== undefined) {
        throw new GlueError(
          'AlreadyExistsException',
          `Registry already exists. RegistryName: ${RegistryName}`,
        );
      }
      addRegistry(state, RegistryName, Description);
      state.tags.put(registryResource(RegistryName), Tags);
      const RegistryArn = state.arns.registry(RegistryName);
      return { RegistryArn, RegistryName, Description, Tags };
    },

    GetRegistry({ RegistryId }) {
      return describe(findRegistry(state, RegistryId));
    },

    ListRegistries(request) {
      const page = readPage(
        request,
        ['ListRegistries'],
        ([after = ''], limit) => state.registries.listAfter(after, limit),
        (row) => [row.name],
      );
      return { Registries: page.items.map(describe), NextToken: page.nextToken };
    },

    UpdateRegistry({ RegistryId, Description }) {
      const row = findRegistry(state, RegistryId);
      if (isDeleting(row)) throw beingDeleted('Registry');
      state.registries.describe(row.name, Description, state.now());
      return { RegistryName: row.name, RegistryArn: state.arns.registry(row.name) };
    },

    DeleteRegistry({ RegistryId }) {
      const row = findRegistry(state, RegistryId);
      const RegistryArn = state.arns.registry(row.name);
      if (!isDeleting(row)) {
        state.deletions.markRegistry(row.name, state.now());
        state.tags.removeAll(registryResource(row.name));
        state.tags.removeUnder(schemaResourcesOf(row.name));
        state.log.info({ registry: row.name }, 'registry deleted');
      }
      return { RegistryName: row.name, RegistryArn, Status: 'DELETING' };
    },
  } satisfies Partial<Actions>;

  function describe(row: RegistryRow) {
    return {
      RegistryName: row.name,
      RegistryArn: state.arns.registry(row.name),
      Description: row.description ?? undefined,
      Status: isDeleting(row) ? 'DELETING' : 'AVAILABLE',
      CreatedTime: isoTime(row.created_ms),
      UpdatedTime: isoTime(row.updated_ms),
    };
  }
}

/** @throws GlueError ResourceNumberLimitExceededException */
export function addRegistry(state: RegistryState, name: string, description?: string): void {
  checkQuota(
    state.quotas.registries,
    state.registries.count,
    'More registries cannot be created. The maximum limit has been reached.',
  );
  const nowMs = state.now();
  state.registries.insert({
    name,
    description: description ?? null,
    created_ms: nowMs,
    updated_ms: nowMs,
  });
}
