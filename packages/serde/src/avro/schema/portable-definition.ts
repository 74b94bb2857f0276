import { InvalidSchemaError } from '../../errors.ts';
import { isJsonNumber, type Json, printJson } from '../../json/json-text.ts';
import type { SchemaReference } from '../../registry/schema-registry.ts';
import { isValidDefault } from './default-value.ts';
import { fieldName } from './escaped-name.ts';
import {
  type AvroField,
  type AvroSchema,
  InvalidAvroSchemaError,
  type NamedSchema,
  type RecordSchema,
} from './model.ts';
import { parseAvro } from './parse-avro.ts';
import { isPortableName, isPortableText } from './portable-text.ts';

/**
 * The definition as every Avro library reads it, to be embedded in a container file: the schemas that it refers to are written
 * out, comments and forms that only Java or this package accepts become those of the specification, and names that the
 * specification does not allow are escaped, so that the namespace `Order V1` becomes `Order_x20_V1`. Encoded values are the
 * same under both definitions. A definition that needs none of this stays byte for byte.
 *
 * - A type without a namespace that is named inside a namespace, which only Java resolves, gets a namespace: `_`.
 * - A default that is not a value of its type, or not finite, is left out. Where the name of a field or symbol is escaped, all
 *   fields lose their defaults, which contain such names. A reader of values does not need them.
 *
 * @throws InvalidSchemaError one of the texts is not an Avro schema, or a name is not defined
 */
export function portableDefinition(
  definition: string,
  references: readonly Pick<SchemaReference, 'definition'>[] = [],
): string {
  try {
    const schema = parseAvro(definition, { lenient: true, references });
    if (references.length === 0 && isPortableText(definition)) return definition;
    return printJson(portableSchema(schema));
  } catch (error) {
    if (!(error instanceof InvalidAvroSchemaError)) throw error;
    throw new InvalidSchemaError(error.message);
  }
}

type Enclosing = string | undefined;

function portableSchema(root: AvroSchema): Json {
  const types = usedTypes(root);
  const keepsDefaults = !types.some(escapesMember);
  const nullNamespace = namespaceOfUnnamed(types);
  const written = new Set<NamedSchema>();
  return print(root, undefined);

  function print(schema: AvroSchema, enclosing: Enclosing): Json {
    switch (schema.type) {
      case 'union':
        return schema.branches.map((branch) => print(branch, enclosing));
      case 'array': {
        const items = print(schema.items, enclosing);
        return new Map<string, Json>([['type', 'array'], ['items', items], ...schema.properties]);
      }
      case 'map': {
        const values = print(schema.values, enclosing);
        return new Map<string, Json>([['type', 'map'], ['values', values], ...schema.properties]);
      }
      case 'record':
      case 'enum':
      case 'fixed':
        return printNamed(schema, enclosing);
      default:
        return schema.properties.size === 0
          ? schema.type
          : new Map<string, Json>([['type', schema.type], ...schema.properties]);
    }
  }

  function printNamed(schema: NamedSchema, enclosing: Enclosing): Json {
    const name = fieldName(schema.name);
    const namespace = portableNamespace(schema.namespace) ?? nullNamespace;
    if (written.has(schema)) return namespace === undefined ? name : `${namespace}.${name}`;
    written.add(schema);
    const type = schema.type === 'record' && schema.isError ? 'error' : schema.type;
    const members: [string, Json | undefined][] = [
      ['type', type],
      ['name', name],
      ['namespace', namespace === enclosing ? undefined : (namespace ?? '')],
      ['doc', schema.doc],
      ['aliases', aliasesOf(schema, namespace)],
    ];
    if (schema.type === 'fixed') members.push(['size', { number: String(schema.size) }]);
    if (schema.type === 'enum') {
      const { symbols, defaultSymbol } = schema;
      members.push(['symbols', symbols.map(fieldName)]);
      members.push(['default', defaultSymbol === undefined ? undefined : fieldName(defaultSymbol)]);
    }
    if (schema.type === 'record')
      members.push(['fields', fieldsOf(schema).map((field) => printField(field, namespace))]);
    return object(members, schema.properties);
  }

  function printField(field: AvroField, enclosing: Enclosing): Json {
    const { name, schema, doc, order, aliases, properties } = field;
    return object(
      [
        ['name', fieldName(name)],
        ['type', print(schema, enclosing)],
        ['doc', doc],
        ['default', keepsDefaults ? portableDefault(field) : undefined],
        ['order', order === 'ascending' ? undefined : order],
        ['aliases', aliases.length === 0 ? undefined : [...new Set(aliases.map(fieldName))]],
      ],
      properties,
    );
  }
}

function object(
  members: readonly [string, Json | undefined][],
  properties: ReadonlyMap<string, Json>,
): Json {
  const present = members.filter((member): member is [string, Json] => member[1] !== undefined);
  return new Map([...present, ...properties]);
}

/** A type with its own place in the text, and the namespaces in which it is named. */
interface UsedType {
  readonly schema: NamedSchema;
  readonly enclosing: Set<Enclosing>;
}

function usedTypes(root: AvroSchema): UsedType[] {
  const types = new Map<NamedSchema, UsedType>();
  visit(root, undefined);
  return [...types.values()];

  function visit(schema: AvroSchema, enclosing: Enclosing): void {
    if (schema.type === 'union') for (const branch of schema.branches) visit(branch, enclosing);
    if (schema.type === 'array') visit(schema.items, enclosing);
    if (schema.type === 'map') visit(schema.values, enclosing);
    if (!('fullName' in schema)) return;
    const known = types.get(schema);
    if (known) {
      known.enclosing.add(enclosing);
      return;
    }
    types.set(schema, { schema, enclosing: new Set() });
    if (schema.type === 'record')
      for (const field of fieldsOf(schema)) visit(field.schema, schema.namespace);
  }
}

function fieldsOf(record: RecordSchema): readonly AvroField[] {
  return record.fields ?? [];
}

/** The namespace that the types without one get; `undefined` where none of them is named inside a namespace. */
function namespaceOfUnnamed(types: readonly UsedType[]): string | undefined {
  const unnamed = types.filter(({ schema }) => schema.namespace === undefined);
  if (!unnamed.some(({ enclosing }) => [...enclosing].some((one) => one !== undefined)))
    return undefined;
  const taken = new Set(types.map(({ schema }) => schema.fullName));
  let namespace = '_';
  while (unnamed.some(({ schema }) => taken.has(`${namespace}.${schema.name}`))) namespace += '_';
  return namespace;
}

function portableNamespace(namespace: string | undefined): string | undefined {
  return namespace?.split('.').map(fieldName).join('.');
}

/** An alias without a namespace cannot be written in a type that has one. */
function aliasesOf({ aliases }: NamedSchema, namespace: string | undefined): Json | undefined {
  const kept = aliases.filter((alias) => alias.includes('.') || namespace === undefined);
  if (kept.length === 0) return undefined;
  return [...new Set(kept.map((alias) => alias.split('.').map(fieldName).join('.')))];
}

function escapesMember({ schema }: UsedType): boolean {
  if (schema.type === 'enum') return !schema.symbols.every(isPortableName);
  if (schema.type !== 'record') return false;
  return !fieldsOf(schema).every(({ name }) => isPortableName(name));
}

function portableDefault({ schema, defaultValue }: AvroField): Json | undefined {
  if (defaultValue === undefined || !isValidDefault(schema, defaultValue)) return undefined;
  const isInfinite = isJsonNumber(defaultValue) && !Number.isFinite(Number(defaultValue.number));
  return isInfinite ? undefined : defaultValue;
}
