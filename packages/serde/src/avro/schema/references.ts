import { InvalidSchemaError } from '../../errors.ts';
import {
  isJsonArray,
  type Json,
  type JsonObject,
  printJson,
  readJson,
} from '../../json/json-text.ts';
import type { SchemaReference } from '../../registry/schema-registry.ts';
import type { AvroSchema, NamedSchema } from './model.ts';
import { InvalidAvroSchemaError } from './model.ts';
import { parseAvro } from './parse-avro.ts';

const definedTypes = new Set<Json | undefined>(['record', 'error', 'enum', 'fixed']);

/**
 * The definition with the schemas that it refers to written out where each is first used, so that it can be read without
 * a registry. Numbers keep their digits.
 *
 * @throws InvalidSchemaError one of the texts is not an Avro schema, or a name is not defined
 */
export function inlineReferences(
  definition: string,
  references: readonly Pick<SchemaReference, 'definition'>[] = [],
): string {
  if (references.length === 0) return definition;
  const sources = new Map<NamedSchema, JsonObject>();
  const written = new Set<string>();
  try {
    const schema = parseAvro(definition, { lenient: true, references, sources });
    return printJson(inline(readJson(definition), schema));
  } catch (error) {
    if (!(error instanceof InvalidAvroSchemaError)) throw error;
    throw new InvalidSchemaError(error.message);
  }

  /** `node` is the JSON of `schema`: the parser has resolved its names. */
  function inline(node: Json | undefined, schema: AvroSchema): Json {
    if (typeof node === 'string') return inlineName(node, schema);
    if (isJsonArray(node)) {
      const branches = schema.type === 'union' ? schema.branches : [];
      return node.map((branch, i) => inline(branch, branches[i] as AvroSchema));
    }
    const copy = new Map(node as JsonObject);
    const type = copy.get('type');
    if ('fullName' in schema && definedTypes.has(type)) {
      // Invariant: a type is defined once in the text; from then on it is its name.
      if (written.has(schema.fullName)) return schema.fullName;
      written.add(schema.fullName);
      const fields = copy.get('fields');
      if (schema.type === 'record' && isJsonArray(fields)) {
        copy.set(
          'fields',
          fields.map((field, i) => inlineField(field as JsonObject, schema.fields?.[i]?.schema)),
        );
      }
    } else if (schema.type === 'array' && type === 'array') {
      copy.set('items', inline(copy.get('items'), schema.items));
    } else if (schema.type === 'map' && type === 'map') {
      copy.set('values', inline(copy.get('values'), schema.values));
    } else {
      copy.set('type', inline(type, schema));
    }
    return copy;
  }

  function inlineField(field: JsonObject, schema: AvroSchema | undefined): Json {
    return new Map(field).set('type', inline(field.get('type'), schema as AvroSchema));
  }

  function inlineName(name: string, schema: AvroSchema): Json {
    const source = 'fullName' in schema && !written.has(schema.fullName) && sources.get(schema);
    if (!source) return name;
    // Here the name would take the namespace of the type around it.
    const own = new Map(source).set('name', schema.name).set('namespace', schema.namespace ?? '');
    return inline(own, schema);
  }
}
