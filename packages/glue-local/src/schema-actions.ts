import type { Action } from './aws-json.ts';
import { GlueError, invalidInput } from './glue-error.ts';
import {
  defaultRegistryName,
  findNumberedVersion,
  findSchema,
  readRegistryId,
} from './identifiers.ts';
import { optionalStructure, optionalText, requiredText } from './members.ts';
import { readPage } from './page.ts';
import { registerVersion } from './register-version.ts';
import { addRegistry } from './registry-actions.ts';
import { isoTime, type RegistryState } from './registry-state.ts';
import {
  definitionRule,
  descriptionRule,
  nameRule,
  readCompatibility,
  readDataFormat,
  readTags,
} from './request-rules.ts';
import type { SchemaRow } from './schema-table.ts';
import { statusOf } from './version-table.ts';

export function createSchemaActions(state: RegistryState): Record<string, Action> {
  return {
    CreateSchema(input) {
      const registryId = readRegistryId(state, optionalStructure(input, 'RegistryId'));
      const name = requiredText(input, 'SchemaName', nameRule);
      const definition = optionalText(input, 'SchemaDefinition', definitionRule);
      const nowMs = state.now();
      const row: SchemaRow = {
        registry: registryId.name,
        name,
        data_format: readDataFormat(input),
        compatibility: readCompatibility(input) ?? 'NONE',
        description: optionalText(input, 'Description', descriptionRule) ?? null,
        checkpoint: 1,
        created_ms: nowMs,
        updated_ms: nowMs,
      };
      const tags = readTags(input);
      if (state.registries.find(row.registry) === undefined) {
        if (row.registry !== defaultRegistryName) throw registryId.notFound();
        addRegistry(state, defaultRegistryName);
      }
      if (state.schemas.find(row) !== undefined) {
        throw new GlueError('AlreadyExistsException', `Schema already exists. SchemaName: ${name}`);
      }
      state.schemas.insert(row);
      state.tags.insert(state.arns.schema(row.registry, name), tags);
      const version = definition && registerVersion(state, row, definition, '');
      const { CreatedTime, UpdatedTime, ...description } = describe(row);
      return {
        ...description,
        Tags: Object.fromEntries(tags),
        ...(version && {
          SchemaVersionId: version.id,
          SchemaVersionStatus: statusOf(version, state.now()),
        }),
      };
    },

    GetSchema(input) {
      return describe(findSchema(state, input).row);
    },

    ListSchemas(input) {
      const id = optionalStructure(input, 'RegistryId');
      const registryId = id && readRegistryId(state, id);
      if (registryId && state.registries.find(registryId.name) === undefined) {
        throw registryId.notFound();
      }
      const page = readPage(
        input,
        ([registry = '', name = ''], limit) =>
          state.schemas.listAfter({ registry, name }, registryId?.name, limit),
        (row) => [row.registry, row.name],
      );
      return { Schemas: page.items.map(describeListed), NextToken: page.nextToken };
    },

    UpdateSchema(input) {
      const { id, row } = findSchema(state, input);
      const compatibility = readCompatibility(input);
      const description = optionalText(input, 'Description', descriptionRule);
      const versionNumber = optionalStructure(input, 'SchemaVersionNumber');
      if (compatibility !== undefined && versionNumber === undefined) {
        throw invalidInput(
          'A new compatibility needs a checkpoint version as well. Parameter Name: schemaVersionNumber',
        );
      }
      if (description === undefined && versionNumber === undefined) {
        throw invalidInput(
          'One of versionNumber, compatibility or description has to be provided.',
        );
      }
      const checkpoint = versionNumber && findNumberedVersion(state, id, versionNumber);
      if (checkpoint && statusOf(checkpoint, state.now()) !== 'AVAILABLE') {
        throw invalidInput(
          'The checkpoint version is not AVAILABLE. Parameter Name: versionNumber',
        );
      }
      state.schemas.update({
        registry: row.registry,
        name: row.name,
        compatibility: compatibility ?? row.compatibility,
        description: description ?? row.description,
        checkpoint: checkpoint?.number ?? row.checkpoint,
        updated_ms: state.now(),
      });
      return {
        SchemaArn: state.arns.schema(row.registry, row.name),
        SchemaName: row.name,
        RegistryName: row.registry,
      };
    },
  };

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
      SchemaStatus: 'AVAILABLE',
      CreatedTime: isoTime(row.created_ms),
      UpdatedTime: isoTime(row.updated_ms),
    };
  }
}
