import type { DataFormat } from '@order-stream/serde';
import type { Draft } from '@order-stream/serde/json-schema';
import { avroNames } from './avro-names.ts';
import { jsonNames } from './json-names.ts';
import { protoImports } from './proto-imports.ts';

/** The names by which the files of a schema find each other. */
export interface DefinitionNames {
  /** Full names of the types of an Avro definition, or the id of a JSON Schema. */
  readonly defined: ReadonlySet<string>;
  /** What the definition uses and does not contain: the names that each use can mean, the first one that exists counts. */
  readonly outer: readonly (readonly string[])[];
}

/** @param draft of a JSON Schema without `$schema`. Default `04` */
export type NamesOf = (
  dataFormat: DataFormat,
  definition: string,
  draft?: Draft,
) => DefinitionNames;

/** @param draft of a JSON Schema without `$schema` */
export function namesIn(
  dataFormat: DataFormat,
  definition: string,
  draft: Draft = '04',
): DefinitionNames {
  if (dataFormat === 'AVRO') return avroNames(definition);
  if (dataFormat === 'PROTOBUF') {
    return { defined: new Set(), outer: protoImports(definition).map((path) => [path]) };
  }
  const { id, documents } = jsonNames(definition, draft);
  return {
    defined: new Set(id === undefined ? [] : [id]),
    outer: documents.map((document) => [document]),
  };
}

/** Reads every text once: a folder's files are searched for each schema, and again for each commit. */
export function createNamesOf(): NamesOf {
  const known = new Map<string, DefinitionNames>();
  return (dataFormat, definition, draft) => {
    const key = `${dataFormat} ${draft} ${definition}`;
    const names = known.get(key) ?? namesIn(dataFormat, definition, draft);
    known.set(key, names);
    return names;
  };
}
