import { isDeleting } from './deleted-row.ts';
import { findVersion, schemaVersionNotFound } from './find-version.ts';
import { GlueError, invalidInput } from './glue-error.ts';
import type { MetadataRow } from './metadata-table.ts';
import { readPage } from './paging.ts';
import { checkQuota } from './quotas.ts';
import { isoTime, type RegistryState } from './registry-state.ts';
import type { Actions, Request } from './request.ts';
import type { VersionRow } from './version-table.ts';

type ChangeRequest = Request<'PutSchemaVersionMetadata' | 'RemoveSchemaVersionMetadata'>;

export function createMetadataActions(state: RegistryState) {
  return {
    PutSchemaVersionMetadata(request) {
      const { version, key, value } = readChange(request);
      if (state.metadata.has(version.id, key, value)) {
        throw new GlueError(
          'AlreadyExistsException',
          `Resource already exist for schema version id: ${version.id}, metadata key: ${key}, metadata value: ${value}`,
        );
      }
      checkQuota(
        state.quotas.metadataPairs,
        () => state.metadata.list(version.id).length,
        'Your resource limits for Schema Version Metadata have been exceeded.',
      );
      state.metadata.insert(version.id, { key, value, created_ms: state.now() });
      return describe(version, key, value, request);
    },

    RemoveSchemaVersionMetadata(request) {
      const { version, key, value } = readChange(request);
      if (!state.metadata.has(version.id, key, value)) {
        throw new GlueError(
          'EntityNotFoundException',
          `Resource is not found for schema version id: ${version.id}, metadata key: ${key}, metadata value: ${value}`,
        );
      }
      state.metadata.remove(version.id, key, value);
      return describe(version, key, value, request);
    },

    QuerySchemaVersionMetadata(request) {
      const version = findVersion(state, request);
      const wanted = request.MetadataList ?? [];
      const isWanted = (row: MetadataRow) =>
        wanted.some(
          ({ MetadataKey = row.key, MetadataValue = row.value }) =>
            MetadataKey === row.key && MetadataValue === row.value,
        );
      const rows = state.metadata.list(version.id);
      const found = wanted.length === 0 ? rows : rows.filter(isWanted);
      const byKey = [...Map.groupBy(found, (row) => row.key)];
      const page = readPage(
        request,
        ['QuerySchemaVersionMetadata', version.id],
        ([after = ''], limit) => byKey.filter(([key]) => key > after).slice(0, limit),
        ([key]) => [key],
      );
      return {
        MetadataInfoMap: Object.fromEntries(page.items.map(([key, values]) => [key, info(values)])),
        SchemaVersionId: version.id,
        NextToken: page.nextToken,
      };
    },
  } satisfies Partial<Actions>;

  function readChange(request: ChangeRequest) {
    const { MetadataKey: key, MetadataValue: value } = request.MetadataKeyValue;
    if (key === undefined || value === undefined) {
      throw invalidInput('Both the metadata key and the metadata value have to be provided.');
    }
    const version = findVersion(state, request);
    if (isDeleting(version)) throw schemaVersionNotFound(`SchemaVersionId: ${version.id}`);
    return { version, key, value };
  }

  function describe(version: VersionRow, key: string, value: string, request: ChangeRequest) {
    return {
      SchemaArn: state.arns.schema({ registry: version.registry, name: version.schema }),
      SchemaName: version.schema,
      RegistryName: version.registry,
      // Whether the request asked for the latest version, as moto's tests of AWS's answers say.
      LatestVersion: request.SchemaVersionNumber?.LatestVersion ?? false,
      VersionNumber: version.number,
      SchemaVersionId: version.id,
      MetadataKey: key,
      MetadataValue: value,
    };
  }
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
