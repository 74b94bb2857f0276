import { beingDeleted, isDeleting } from './deleted-row.ts';
import { GlueError } from './glue-error.ts';
import { defaultRegistryName, findRegistry, findSchema, readRegistryId } from './identifiers.ts';
import { readPage } from './paging.ts';
import { registerVersion } from './register-version.ts';
import { addRegistry } from './registry-actions.ts';
import { isoTime, type RegistryState } from './registry-state.ts';
import type { Actions } from './request.ts';
import type { SchemaRow } from './schema-table.ts';
import { checkTagKeys } from './tag-rules.ts';
import { updateSchema } from './update-schema.ts';
import { statusOf } from './version-table.ts';

export function createSchemaActions(state: RegistryState) {
  return {
    CreateSchema(request, call) {
      const { RegistryId, SchemaName: name, SchemaDefinition, Tags = {} } = request;
      const registryId = readRegistryId(state, RegistryId);
      checkTagKeys(Object.keys(Tags));
      const nowMs = state.now();
      const row: SchemaRow = {
        registry: registryId.name,
        name,
        data_format: request.DataFormat,
        compatibility: request.Compatibility ?? 'NONE',
        description: request.Description ?? null,
        checkpoint: 1,
        last_number: 0,
        created_ms: nowMs,
        updated_ms: nowMs,
      };
      const registry = state.registries.find(row.registry);
      if (registry === undefined) {
        if (row.registry !== defaultRegistryName) throw registryId.notFound();
        addRegistry(state, defaultRegistryName);
      } else if (isDeleting(registry)) {
        throw beingDeleted('Registry');
      }
      if (state.schemas.find(row) !== undefined) {
        throw new GlueError('AlreadyExistsException', `Schema already exists. SchemaName: ${name}`);
      }
      state.schemas.insert(row);
      state.tags.put(state.arns.schema(row.registry, name), Tags);
      const version = SchemaDefinition && registerVersion(state, row, SchemaDefinition, '', call);
      const { CreatedTime, UpdatedTime, ...description } = describe(row);
      return {
        ...description,
        Tags,
        ...(version && {
          SchemaVersionId: version.id,
          SchemaVersionStatus: statusOf(version, state.now()),
        }),
      };
    },

    GetSchema({ SchemaId }) {
      return describe(findSchema(state, SchemaId).row);
    },

    ListSchemas(request) {
      const registry = request.RegistryId && findRegistry(state, request.RegistryId).name;
      const page = readPage(
        request,
        ['ListSchemas', registry ?? ''],
        ([registryName = '', name = ''], limit) =>
          registry === undefined
            ? state.schemas.listAfter({ registry: registryName, name }, limit)
            : state.schemas.listInRegistryAfter({ registry, name }, limit),
        (row) => [row.registry, row.name],
      );
      return { Schemas: page.items.map(describeListed), NextToken: page.nextToken };
    },

    UpdateSchema(request) {
      return updateSchema(state, request);
    },

    DeleteSchema({ SchemaId }) {
      const { row } = findSchema(state, SchemaId);
      const SchemaArn = state.arns.schema(row.registry, row.name);
      if (!isDeleting(row)) {
        state.deletions.markSchema(row, state.now());
        state.tags.removeAll(SchemaArn);
        state.log.info({ registry: row.registry, schema: row.name }, 'schema deleted');
      }
      return { SchemaArn, SchemaName: row.name, Status: 'DELETING' };
    },
  } satisfies Partial<Actions>;

  function describe(row: SchemaRow) {
    const latest = state.versions.findLatest(row, state.now())?.number;
    return {
      ...describeListed(row),
      RegistryArn: state.arns.registry(row.registry),
      DataFormat: row.data_format,
      Compatibility: row.compatibility,
      SchemaCheckpoint: row.checkpoint,
      LatestSchemaVersion: latest,
      NextSchemaVersion: (latest ?? 0) + 1,
    };
  }

  function describeListed(row: SchemaRow) {
    return {
      RegistryName: row.registry,
      SchemaName: row.name,
      SchemaArn: state.arns.schema(row.registry, row.name),
      Description: row.description ?? undefined,
      SchemaStatus: isDeleting(row) ? 'DELETING' : 'AVAILABLE',
      CreatedTime: isoTime(row.created_ms),
      UpdatedTime: isoTime(row.updated_ms),
    };
  }
}
