import { isDeleting } from './deleted-row.ts';
import { describeListedSchema, describeSchema } from './describe-schema.ts';
import { findRegistry, findSchema } from './identifiers.ts';
import { readPage } from './paging.ts';
import type { RegistryState } from './registry-state.ts';
import type { Actions } from './request.ts';
import { schemaResource } from './resource-name.ts';
import { updateSchema } from './update-schema.ts';

export function createSchemaActions(state: RegistryState) {
  return {
    GetSchema({ SchemaId }) {
      return describeSchema(state, findSchema(state, SchemaId).row);
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
      const Schemas = page.items.map((row) => describeListedSchema(state, row));
      return { Schemas, NextToken: page.nextToken };
    },

    UpdateSchema(request) {
      return updateSchema(state, request);
    },

    DeleteSchema({ SchemaId }) {
      const { row } = findSchema(state, SchemaId);
      const SchemaArn = state.arns.schema(row);
      if (!isDeleting(row)) {
        state.deletions.markSchema(row, state.now());
        state.tags.removeAll(schemaResource(row));
        state.log.info({ registry: row.registry, schema: row.name }, 'schema deleted');
      }
      return { SchemaArn, SchemaName: row.name, Status: 'DELETING' };
    },
  } satisfies Partial<Actions>;
}
