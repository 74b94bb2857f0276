import {
  isJsonArray,
  isJsonObject,
  type Json,
  type JsonObject,
  printJson,
  readJson,
} from '../../json/json-text.ts';
import type { SchemaReference } from '../../registry/schema-registry.ts';
import { fieldName } from './escaped-name.ts';
import { primitiveTypes } from './model.ts';
import { inlineReferences } from './references.ts';

const primitives: ReadonlySet<string> = new Set(primitiveTypes);
/** The specification's rule of names. */
const isPortable = (name: string) => /^[A-Za-z_][A-Za-z0-9_]*$/.test(name);
const namedTypes: ReadonlySet<Json | undefined> = new Set(['record', 'error', 'enum', 'fixed']);

/**
 * The definition as every Avro library reads it, to be embedded in a container file: the schemas that it refers to are written
 * out, and names that the specification does not allow are escaped, so that the namespace `Order V1` becomes `Order_x20_V1`.
 * Encoded values are the same under both definitions. A definition that needs neither stays byte for byte.
 *
 * Where the name of a field or symbol is escaped, all fields lose their defaults, which contain such names and which a reader of
 * values does not need.
 *
 * @throws InvalidSchemaError one of the texts is not an Avro schema, or a name is not defined
 */
export function portableDefinition(
  definition: string,
  references?: readonly Pick<SchemaReference, 'definition'>[],
): string {
  const inlined = inlineReferences(definition, references);
  let escapesType = false;
  let escapesMember = false;

  const typeName = (name: Json): Json => {
    if (typeof name !== 'string' || name === '') return name;
    const parts = name.split('.');
    escapesType ||= !parts.every(isPortable);
    return parts.map(fieldName).join('.');
  };
  const memberName = (name: Json): Json => {
    if (typeof name !== 'string') return name;
    escapesMember ||= !isPortable(name);
    return fieldName(name);
  };

  function portable(node: Json): Json {
    if (typeof node === 'string') return primitives.has(node) ? node : typeName(node);
    if (isJsonArray(node)) return node.map(portable);
    if (!isJsonObject(node)) return node;
    const type = node.get('type');
    if (type === 'array') return changed(node, { items: portable });
    if (type === 'map') return changed(node, { values: portable });
    if (!namedTypes.has(type)) return changed(node, { type: portable });
    const names = { name: typeName, namespace: typeName, aliases: each(typeName) };
    if (type === 'fixed') return changed(node, names);
    if (type === 'enum')
      return changed(node, { ...names, symbols: each(memberName), default: memberName });
    return changed(node, { ...names, fields: each(portableField) });
  }

  function portableField(field: Json): Json {
    if (!isJsonObject(field)) return field;
    return changed(field, { name: memberName, aliases: each(memberName), type: portable });
  }

  const escaped = portable(readJson(inlined));
  if (!escapesType && !escapesMember) return inlined;
  return printJson(escapesMember ? withoutDefaults(escaped) : escaped);
}

function changed(node: JsonObject, changes: Record<string, (value: Json) => Json>): JsonObject {
  return new Map(
    [...node].map(([key, value]) => {
      const change = Object.hasOwn(changes, key) ? changes[key] : undefined;
      return [key, change ? change(value) : value];
    }),
  );
}

const each = (change: (value: Json) => Json) => (values: Json) =>
  isJsonArray(values) ? values.map(change) : values;

function withoutDefaults(node: Json): Json {
  if (isJsonArray(node)) return node.map(withoutDefaults);
  if (!isJsonObject(node)) return node;
  const kept = [...node].filter(([key]) => key !== 'default' || node.has('symbols'));
  return new Map(kept.map(([key, value]) => [key, withoutDefaults(value)]));
}
