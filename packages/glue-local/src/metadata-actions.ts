import type { Action } from './aws-json.ts';
import { GlueError } from './glue-error.ts';
import { findVersion } from './identifiers.ts';
import { optionalList, optionalText, requiredStructure, requiredText } from './members.ts';
import type { MetadataRow } from './metadata-table.ts';
import { readPage } from './page.ts';
import { isoTime, type RegistryState } from './registry-state.ts';
import { arnRule, metadataKeyRule, metadataValueRule } from './request-rules.ts';

const maxPairs = 10;

export function createMetadataActions(state: RegistryState): Record<string, Action> {
  return {
    PutSchemaVersionMetadata(input) {
      const pair = requiredStructure(input, 'MetadataKeyValue');
      const key = requiredText(pair, 'MetadataKey', metadataKeyRule);
      const value = requiredText(pair, 'MetadataValue', metadataValueRule);
      const version = findVersion(state, input);
      if (state.metadata.has(version.id, key, value)) {
        throw new GlueError(
          'AlreadyExistsException',
          `Resource already exist for schema version id: ${version.id}, metadata key: ${key}, metadata value: ${value}`,
        );
      }
      if (state.metadata.list(version.id).length >= maxPairs) {
        throw new GlueError(
          'ResourceNumberLimitExceededException',
          'Your resource limits for Schema Version Metadata have been exceeded.',
        );
      }
      state.metadata.insert(version.id, { key, value, created_ms: state.now() });
      const schema = { registry: version.registry, name: version.schema };
      return {
        SchemaArn: state.arns.schema(version.registry, version.schema),
        SchemaName: version.schema,
        RegistryName: version.registry,
        LatestVersion: state.versions.findLatest(schema, state.now())?.id === version.id,
        VersionNumber: version.number,
        SchemaVersionId: version.id,
        MetadataKey: key,
        MetadataValue: value,
      };
    },

    QuerySchemaVersionMetadata(input) {
      const version = findVersion(state, input);
      const wanted = optionalList(input, 'MetadataList').map((pair) => ({
        key: optionalText(pair, 'MetadataKey', metadataKeyRule),
        value: optionalText(pair, 'MetadataValue', metadataValueRule),
      }));
      const isWanted = (row: MetadataRow) =>
        wanted.some(
          ({ key = row.key, value = row.value }) => key === row.key && value === row.value,
        );
      const rows = state.metadata.list(version.id);
      const found = wanted.length === 0 ? rows : rows.filter(isWanted);
      const byKey = [...Map.groupBy(found, (row) => row.key)];
      const page = readPage(
        input,
        ([after = ''], limit) => byKey.filter(([key]) => key > after).slice(0, limit),
        ([key]) => [key],
        50,
      );
      return {
        MetadataInfoMap: Object.fromEntries(page.items.map(([key, values]) => [key, info(values)])),
        SchemaVersionId: version.id,
        NextToken: page.nextToken,
      };
    },

    GetTags(input) {
      const arn = requiredText(input, 'ResourceArn', arnRule);
      const schema = state.arns.parseSchema(arn);
      const registryName = state.arns.parseRegistry(arn) ?? '';
      if (!(schema ? state.schemas.find(schema) : state.registries.find(registryName))) {
        throw new GlueError(
          'EntityNotFoundException',
          `Resource is not found. ResourceArn: ${arn}`,
        );
      }
      return { Tags: state.tags.list(arn) };
    },
  };
}

/** A key can have several values: the oldest one, then the others. */
function info([first, ...others]: readonly MetadataRow[]) {
  return {
    ...(first && item(first)),
    ...(others.length > 0 && { OtherMetadataValueList: others.map(item) }),
  };
}

function item(row: MetadataRow) {
  return { MetadataValue: row.value, CreatedTime: isoTime(row.created_ms) };
}
