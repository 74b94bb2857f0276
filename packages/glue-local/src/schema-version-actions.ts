import type { Action } from './aws-json.ts';
import { definitionFault, fingerprint } from './definition.ts';
import { findSchema, findVersion, schemaVersionNotFound } from './identifiers.ts';
import { requiredText } from './members.ts';
import { readPage } from './page.ts';
import { registerVersion } from './register-version.ts';
import { isoTime, type RegistryState } from './registry-state.ts';
import { definitionRule, readDataFormat } from './request-rules.ts';
import { statusOf, type VersionRow } from './version-table.ts';

const maxErrorLength = 5000;

export function createSchemaVersionActions(state: RegistryState): Record<string, Action> {
  return {
    RegisterSchemaVersion(input) {
      const { id, row } = findSchema(state, input);
      const definition = requiredText(input, 'SchemaDefinition', definitionRule);
      const version = registerVersion(state, row, definition, id.printed);
      return {
        SchemaVersionId: version.id,
        VersionNumber: version.number,
        Status: statusOf(version, state.now()),
      };
    },

    GetSchemaVersion(input) {
      const version = findVersion(state, input);
      const schema = { registry: version.registry, name: version.schema };
      return {
        ...describe(version),
        SchemaDefinition: version.definition,
        DataFormat: state.schemas.find(schema)?.data_format,
      };
    },

    GetSchemaByDefinition(input) {
      const { id, row } = findSchema(state, input);
      const definition = requiredText(input, 'SchemaDefinition', definitionRule);
      const print = fingerprint(row.data_format, definition);
      const version = state.versions.findByFingerprint(row, print);
      if (version === undefined) throw schemaVersionNotFound(id.listed);
      const { VersionNumber, ...description } = describe(version);
      return { ...description, DataFormat: row.data_format };
    },

    ListSchemaVersions(input) {
      const { row } = findSchema(state, input);
      const page = readPage(
        input,
        ([before = Number.MAX_SAFE_INTEGER], limit) =>
          state.versions.listBefore(row, Number(before), limit),
        (version) => [String(version.number)],
      );
      return { Schemas: page.items.map(describe), NextToken: page.nextToken };
    },

    CheckSchemaVersionValidity(input) {
      const dataFormat = readDataFormat(input);
      const definition = requiredText(input, 'SchemaDefinition', definitionRule);
      const fault = definitionFault(dataFormat, definition);
      if (fault === undefined) return { Valid: true };
      return { Valid: false, Error: fault.slice(0, maxErrorLength) };
    },
  };

  function describe(version: VersionRow) {
    return {
      SchemaArn: state.arns.schema(version.registry, version.schema),
      SchemaVersionId: version.id,
      VersionNumber: version.number,
      Status: statusOf(version, state.now()),
      CreatedTime: isoTime(version.created_ms),
    };
  }
}
