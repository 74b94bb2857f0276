import { definitionFault, fingerprint } from './definition.ts';
import { deleteVersions } from './delete-versions.ts';
import { findNumberedVersion, findVersion, schemaVersionNotFound } from './find-version.ts';
import { findLiveSchema, findSchema } from './identifiers.ts';
import { readPage } from './paging.ts';
import { isoTime, type RegistryState } from './registry-state.ts';
import type { Actions } from './request.ts';
import { diffDefinitions } from './schema-diff.ts';
import { type ListedVersion, statusOf } from './version-table.ts';

const maxErrorLength = 5000;

export function createSchemaVersionActions(state: RegistryState) {
  return {
    GetSchemaVersion(request) {
      const version = findVersion(state, request);
      const schema = { registry: version.registry, name: version.schema };
      return {
        ...describe(version),
        SchemaDefinition: version.definition,
        DataFormat: state.schemas.find(schema)?.data_format,
      };
    },

    GetSchemaByDefinition({ SchemaId, SchemaDefinition }) {
      const { id, row } = findSchema(state, SchemaId);
      const print = fingerprint(row.data_format, SchemaDefinition);
      const version = state.versions.findByFingerprint(row, print);
      if (version === undefined) throw schemaVersionNotFound(id.listed);
      const { VersionNumber, ...description } = describe(version);
      return { ...description, DataFormat: row.data_format };
    },

    ListSchemaVersions(request) {
      const { row } = findSchema(state, request.SchemaId);
      const page = readPage(
        request,
        ['ListSchemaVersions', row.registry, row.name],
        ([before = Number.MAX_SAFE_INTEGER], limit) =>
          state.versions.listBefore(row, Number(before), limit),
        (version) => [String(version.number)],
      );
      return { Schemas: page.items.map(describe), NextToken: page.nextToken };
    },

    DeleteSchemaVersions({ SchemaId, Versions }) {
      const { row } = findLiveSchema(state, SchemaId);
      return { SchemaVersionErrors: deleteVersions(state, row, Versions) };
    },

    CheckSchemaVersionValidity({ DataFormat, SchemaDefinition }) {
      const fault = definitionFault(DataFormat, SchemaDefinition);
      if (fault === undefined) return { Valid: true };
      return { Valid: false, Error: fault.slice(0, maxErrorLength) };
    },

    GetSchemaVersionsDiff({ SchemaId, FirstSchemaVersionNumber, SecondSchemaVersionNumber }) {
      const { id, row } = findSchema(state, SchemaId);
      const first = findNumberedVersion(state, id, FirstSchemaVersionNumber);
      const second = findNumberedVersion(state, id, SecondSchemaVersionNumber);
      return { Diff: diffDefinitions(row.data_format, first.definition, second.definition) };
    },
  } satisfies Partial<Actions>;

  function describe(version: ListedVersion) {
    return {
      SchemaArn: state.arns.schema({ registry: version.registry, name: version.schema }),
      SchemaVersionId: version.id,
      VersionNumber: version.number,
      Status: statusOf(version, state.now()),
      CreatedTime: isoTime(version.created_ms),
    };
  }
}
