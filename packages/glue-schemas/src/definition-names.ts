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
  /** Of a JSON Schema: its own draft, or the one that was given. */
  readonly draft: Draft;
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
  if (dataFormat === 'AVRO') return { ...avroNames(definition), draft };
  if (dataFormat === 'PROTOBUF') {
    return { defined: new Set(), outer: protoImports(definition).map((path) => [path]), draft };
  }
  const { id, documents, draft: own } = jsonNames(definition, draft);
  return {
    draft: own,
    defined: new Set(id === undefined ? [] : [id]),
    outer: documents.map((document) => [document]),
  };
}

/** Reads every text once: a folder's files are searched for each schema, and again for each commit. */
export function createNamesOf(): NamesOf {
  // A key of the format, the draft and the text would be as long as the text, and hashed at every call.
  const known = new Map<DataFormat, Map<Draft | undefined, Map<string, DefinitionNames>>>();
  return (dataFormat, definition, draft) => {
    const texts = entryOf(entryOf(known, dataFormat), draft);
    const names = texts.get(definition) ?? namesIn(dataFormat, definition, draft);
    texts.set(definition, names);
    return names;
  };
}

function entryOf<Key, Inner extends Map<unknown, unknown>>(map: Map<Key, Inner>, key: Key): Inner {
  const inner = map.get(key) ?? (new Map() as Inner);
  map.set(key, inner);
  return inner;
}
