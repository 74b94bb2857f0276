import type { AvroField, AvroSchema, NamedSchema } from '../avro/schema/model.ts';
import { parseAvro } from '../avro/schema/parse-avro.ts';
import type { Json } from '../json/json-text.ts';
import type { SchemaText } from '../registry/schema-registry.ts';
import { printJson, printMembers } from './canonical-json.ts';
import { schemaTextOf } from './check-history.ts';
import { call, flatMapNested, type Nested, runNested } from './nested-calls.ts';

/**
 * The canonical text of a schema: two definitions are the same version exactly if their texts are equal.
 *
 * Ignored: white space, comments, the order of keys, the notation of numbers, whether a name is qualified or
 * inherits its namespace, and attributes that Avro ignores (the `name` of an array). So Java's
 * `Schema.toString()` and Python's `json.dumps` give the same text.
 * Kept: everything else, including defaults, aliases, docs and custom attributes. Avro's Parsing Canonical Form
 * drops these, but a reader resolves by defaults and aliases, and `logicalType` is a custom attribute: without
 * them two different schemas would be one version.
 * A type of a reference is written out where it is first used.
 * @throws InvalidAvroSchemaError
 */
export function canonicalAvro(schema: string | SchemaText): string {
  const { definition, references } = schemaTextOf(schema);
  const printed = new Set<NamedSchema>();
  return runNested(print(parseAvro(definition, { references })));

  function* print(schema: AvroSchema): Nested<string> {
    switch (schema.type) {
      case 'union':
        return `[${(yield* call(printList(schema.branches, print))).join(',')}]`;
      case 'array':
        return object(
          { type: '"array"', items: yield* call(print(schema.items)) },
          schema.properties,
        );
      case 'map':
        return object(
          { type: '"map"', values: yield* call(print(schema.values)) },
          schema.properties,
        );
      case 'record':
      case 'enum':
      case 'fixed':
        return yield* call(printNamed(schema));
      default: {
        const type = JSON.stringify(schema.type);
        return schema.properties.size === 0 ? type : object({ type }, schema.properties);
      }
    }
  }

  function* printNamed(schema: NamedSchema): Nested<string> {
    const name = JSON.stringify(schema.fullName);
    if (printed.has(schema)) return name;
    printed.add(schema);
    const type = schema.type === 'record' && schema.isError ? 'error' : schema.type;
    const fields = schema.type === 'record' ? (schema.fields ?? []) : [];
    const printedFields = yield* call(printList(fields, printField));
    return object(
      {
        type: JSON.stringify(type),
        name,
        doc: printOptional(schema.doc),
        aliases: names(schema.aliases),
        fields: schema.type === 'record' ? `[${printedFields.join(',')}]` : undefined,
        symbols: schema.type === 'enum' ? printOptional(schema.symbols) : undefined,
        default: schema.type === 'enum' ? printOptional(schema.defaultSymbol) : undefined,
        size: schema.type === 'fixed' ? String(schema.size) : undefined,
      },
      schema.properties,
    );
  }

  function* printField(field: AvroField): Nested<string> {
    return object(
      {
        name: JSON.stringify(field.name),
        type: yield* call(print(field.schema)),
        doc: printOptional(field.doc),
        default: printOptional(field.defaultValue),
        order: field.order === 'ascending' ? undefined : JSON.stringify(field.order),
        aliases: names(field.aliases),
      },
      field.properties,
    );
  }
}

function printList<Item>(
  items: readonly Item[],
  print: (item: Item) => Nested<string>,
): Nested<string[]> {
  return flatMapNested(items, function* (item) {
    return [yield* call(print(item))];
  });
}

/** Prints Avro's own attributes first, in a fixed order, then the others by name. */
function object(
  members: Record<string, string | undefined>,
  properties: ReadonlyMap<string, Json>,
): string {
  const own = Object.entries(members).flatMap(([key, text]) =>
    text === undefined ? [] : [`${JSON.stringify(key)}:${text}`],
  );
  return `{${[...own, ...printMembers(properties)].join(',')}}`;
}

/** Aliases are a set: sorted and without repetition. */
function names(aliases: readonly string[]): string | undefined {
  return aliases.length === 0 ? undefined : JSON.stringify([...new Set(aliases)].sort());
}

function printOptional(value: Json | undefined): string | undefined {
  return value === undefined ? undefined : printJson(value);
}
