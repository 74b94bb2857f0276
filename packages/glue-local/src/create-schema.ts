import { decideFirstVersion, type NewVersion } from './decide-registration.ts';
import { beingDeleted, isDeleting } from './deleted-row.ts';
import { describeSchema } from './describe-schema.ts';
import { GlueError } from './glue-error.ts';
import { defaultRegistryName, readRegistryId } from './identifiers.ts';
import { storeDecided } from './register-version.ts';
import { addRegistry } from './registry-actions.ts';
import type { RegistryState } from './registry-state.ts';
import type { Call, Request } from './request.ts';
import { schemaResource } from './resource-name.ts';
import type { SchemaRow } from './schema-table.ts';
import { checkTagKeys } from './tag-rules.ts';
import { statusOf } from './version-table.ts';

type CreateRequest = Request<'CreateSchema'>;

/**
 * Reads the definition of a schema that can be created, and stores nothing.
 * @returns undefined when the request has no definition
 * @throws GlueError
 */
export function decideCreation(
  state: RegistryState,
  request: CreateRequest,
): NewVersion | undefined {
  checkCreation(state, request);
  const { DataFormat, SchemaDefinition } = request;
  return SchemaDefinition === undefined
    ? undefined
    : decideFirstVersion(DataFormat, SchemaDefinition);
}

/**
 * Creates a schema, with its first version unless that is undefined, and the default registry when it is missing.
 * @throws GlueError
 */
export function storeSchema(
  state: RegistryState,
  request: CreateRequest,
  firstVersion: NewVersion | undefined,
  call: Call,
) {
  const { registryName, hasRegistry } = checkCreation(state, request);
  const { SchemaName: name, Tags = {} } = request;
  const nowMs = state.now();
  const row: SchemaRow = {
    registry: registryName,
    name,
    data_format: request.DataFormat,
    compatibility: request.Compatibility ?? 'NONE',
    description: request.Description ?? null,
    checkpoint: 1,
    last_number: 0,
    created_ms: nowMs,
    updated_ms: nowMs,
  };
  if (!hasRegistry) addRegistry(state, registryName);
  state.schemas.insert(row);
  state.tags.put(schemaResource(row), Tags);
  const version = firstVersion && storeDecided(state, row, firstVersion, '', call);
  const { CreatedTime, UpdatedTime, ...description } = describeSchema(state, row);
  return {
    ...description,
    Tags,
    ...(version && {
      SchemaVersionId: version.id,
      SchemaVersionStatus: statusOf(version, state.now()),
    }),
  };
}

/** @throws GlueError the schema cannot be created */
function checkCreation(
  state: RegistryState,
  { RegistryId, SchemaName: name, Tags = {} }: CreateRequest,
) {
  const registryId = readRegistryId(state, RegistryId);
  checkTagKeys(Object.keys(Tags));
  const registry = state.registries.find(registryId.name);
  if (registry === undefined && registryId.name !== defaultRegistryName) {
    throw registryId.notFound();
  }
  if (registry !== undefined && isDeleting(registry)) throw beingDeleted('Registry');
  if (state.schemas.find({ registry: registryId.name, name }) !== undefined) {
    throw new GlueError('AlreadyExistsException', `Schema already exists. SchemaName: ${name}`);
  }
  return { registryName: registryId.name, hasRegistry: registry !== undefined };
}
