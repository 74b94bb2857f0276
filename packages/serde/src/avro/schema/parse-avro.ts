import {
  isJsonArray,
  isJsonNumber,
  isJsonObject,
  type Json,
  type JsonObject,
  JsonTextError,
  readJson,
} from '../../json/json-text.ts';
import { floatFromText, isValidDefault } from './default-value.ts';
import type {
  AvroField,
  AvroSchema,
  EnumSchema,
  FixedSchema,
  NamedSchema,
  PrimitiveType,
  RecordSchema,
  UnionSchema,
} from './model.ts';
import { branchName, InvalidAvroSchemaError, primitiveTypes } from './model.ts';
import { checkName, resolveName } from './name.ts';

const schemaAttributes = new Set(
  'doc fields items name namespace size symbols values type aliases'.split(' '),
);
const enumAttributes = new Set([...schemaAttributes, 'default']);
const fieldAttributes = new Set('default doc name order type aliases'.split(' '));
const orders = ['ascending', 'descending', 'ignore'] as const;

/** How a definition is parsed. */
export interface ParseOptions {
  /**
   * Also accepts definitions of other libraries that can be read and written all the same: any names of fields and
   * symbols, any defaults (Avro 1.12 allows a union's other branches), `{"type": {"type": …}}`, and `{"type": "Name"}` of a
   * type without a namespace inside one. Default false.
   */
  lenient?: boolean;
  /** Schemas that the definition names, each before those that refer to it. */
  references?: readonly { readonly definition: string }[] | undefined;
  /** Receives the JSON of each named type that is defined. */
  sources?: Map<NamedSchema, JsonObject>;
}

/**
 * Accepts what Avro Java 1.11.4 accepts (`Schema.Parser` with its defaults), names such as `Order V1`
 * included, and rejects what it rejects.
 * @throws InvalidAvroSchemaError
 */
export function parseAvro(
  definition: string,
  { lenient = false, references = [], sources }: ParseOptions = {},
): AvroSchema {
  const names = new Map<string, NamedSchema>();
  let namesOfText = new Set<string>();
  for (const reference of references) parseText(reference.definition);
  return parseText(definition);

  function parseText(text: string): AvroSchema {
    namesOfText = new Set();
    return parseSchema(readDefinition(text), undefined);
  }

  function parseSchema(node: Json, namespace: string | undefined): AvroSchema {
    if (typeof node === 'string') return parseReference(node, namespace);
    if (isJsonArray(node)) return parseUnion(node, namespace);
    if (!isJsonObject(node)) fail(`Schema not yet supported: ${describe(node)}`);
    const inner = node.get('type');
    if (lenient && (isJsonObject(inner) || isJsonArray(inner)))
      return parseSchema(inner, namespace);
    const type = requiredText(node, 'type', 'No type');
    switch (type) {
      case 'record':
      case 'error':
        return parseRecord(node, namespace, type === 'error');
      case 'enum':
        return parseEnum(node, namespace);
      case 'fixed':
        return parseFixed(node, namespace);
      case 'array': {
        const items = node.get('items');
        if (items === undefined) fail(`Array has no items type: ${describe(node)}`);
        return { type, items: parseSchema(items, namespace), properties: propertiesOf(node) };
      }
      case 'map': {
        const values = node.get('values');
        if (values === undefined) fail(`Map has no values type: ${describe(node)}`);
        return { type, values: parseSchema(values, namespace), properties: propertiesOf(node) };
      }
      default: {
        if (isPrimitive(type)) return { type, properties: propertiesOf(node) };
        const known = names.get(resolveName(type, namespace).fullName);
        const ofNullNamespace = lenient ? names.get(resolveName(type, undefined).fullName) : known;
        return known ?? ofNullNamespace ?? fail(`Type not supported: ${type}`);
      }
    }
  }

  function parseReference(text: string, namespace: string | undefined): AvroSchema {
    // Invariant: each primitive is a new object, because the compatibility check caches results by identity.
    if (isPrimitive(text)) return { type: text, properties: new Map() };
    const known =
      names.get(resolveName(text, namespace).fullName) ??
      names.get(resolveName(text, undefined).fullName);
    return known ?? fail(`Undefined name: "${text}"`);
  }

  function parseUnion(nodes: readonly Json[], namespace: string | undefined): UnionSchema {
    const branches = nodes.map((node) => parseSchema(node, namespace));
    if (branches.some(({ type }) => type === 'union')) fail('Nested union');
    const repeated = firstRepeated(branches.map(branchName));
    if (repeated !== undefined) fail(`Duplicate in union: ${repeated}`);
    return { type: 'union', branches };
  }

  function named(node: JsonObject, enclosing: string | undefined, attributes = schemaAttributes) {
    const namespace = optionalText(node, 'namespace') ?? enclosing;
    const name = resolveName(requiredText(node, 'name', 'No name in schema'), namespace);
    if (isPrimitive(name.fullName)) {
      fail(`Schemas may not be named after primitives: ${name.fullName}`);
    }
    return {
      ...name,
      aliases: aliasesOf(node).map((alias) => resolveName(alias, name.namespace).fullName),
      doc: optionalText(node, 'doc'),
      properties: propertiesOf(node, attributes),
    };
  }

  function define<Schema extends NamedSchema>(node: JsonObject, schema: Schema): Schema {
    // Schemas that refer to one type may each contain its definition.
    if (namesOfText.has(schema.fullName)) fail(`Can't redefine: ${schema.fullName}`);
    namesOfText.add(schema.fullName);
    names.set(schema.fullName, schema);
    sources?.set(schema, node);
    return schema;
  }

  function parseRecord(
    node: JsonObject,
    namespace: string | undefined,
    isError: boolean,
  ): RecordSchema {
    const record = define<RecordSchema>(node, {
      type: 'record',
      isError,
      fields: undefined,
      ...named(node, namespace),
    });
    const fieldNodes = node.get('fields');
    if (!isJsonArray(fieldNodes)) fail(`Record has no fields: ${record.fullName}`);
    const fields = fieldNodes.map((field) => parseField(field, record));
    const repeated = firstRepeated(fields.map(({ name }) => name));
    if (repeated !== undefined) fail(`Duplicate field ${repeated} in record ${record.fullName}`);
    record.fields = fields;
    return record;
  }

  function parseField(node: Json, record: RecordSchema): AvroField {
    if (!isJsonObject(node)) fail(`No field name: ${describe(node)}`);
    const name = requiredText(node, 'name', 'No field name');
    const typeNode = node.get('type');
    if (typeNode === undefined) fail(`No field type: ${name}`);
    const schema = parseSchema(typeNode, record.namespace);
    if (!lenient) checkName(name);
    let defaultValue = node.get('default');
    if (typeof defaultValue === 'string' && (schema.type === 'float' || schema.type === 'double')) {
      defaultValue = floatFromText(defaultValue);
    }
    if (!lenient && defaultValue !== undefined && !isValidDefault(schema, defaultValue)) {
      fail(`Invalid default for field ${name}: not a ${schema.type}`);
    }
    return {
      name,
      schema,
      doc: optionalText(node, 'doc'),
      defaultValue,
      order: orderOf(node),
      aliases: aliasesOf(node),
      properties: propertiesOf(node, fieldAttributes),
    };
  }

  function parseEnum(node: JsonObject, namespace: string | undefined): EnumSchema {
    const attributes = named(node, namespace, enumAttributes);
    const symbolNodes = node.get('symbols');
    if (!isJsonArray(symbolNodes)) fail(`Enum has no symbols: ${attributes.fullName}`);
    const symbols = symbolNodes.map((symbol) =>
      lenient && typeof symbol === 'string' ? symbol : checkName(symbol),
    );
    const repeated = firstRepeated(symbols);
    if (repeated !== undefined) fail(`Duplicate enum symbol: ${repeated}`);
    const defaultSymbol = optionalText(node, 'default');
    if (defaultSymbol !== undefined && !symbols.includes(defaultSymbol)) {
      fail(`The Enum Default: ${defaultSymbol} is not in the enum symbol set`);
    }
    return define(node, { type: 'enum', symbols, defaultSymbol, ...attributes });
  }

  function parseFixed(node: JsonObject, namespace: string | undefined): FixedSchema {
    const attributes = named(node, namespace);
    const size = node.get('size');
    const isInteger = isJsonNumber(size) && /^(?:\d{1,10}|-0)$/.test(size.number);
    // The longest array of a JVM.
    if (!isInteger || Number(size.number) > 2_147_483_639) {
      fail(`Invalid or no size: ${attributes.fullName}`);
    }
    return define(node, { type: 'fixed', size: Math.abs(Number(size.number)), ...attributes });
  }
}

function readDefinition(definition: string): Json {
  try {
    return readJson(definition);
  } catch (error) {
    if (!(error instanceof JsonTextError)) throw error;
    throw new InvalidAvroSchemaError(error.message, { cause: error });
  }
}

function isPrimitive(type: string): type is PrimitiveType {
  return (primitiveTypes as readonly string[]).includes(type);
}

function optionalText(node: JsonObject, key: string): string | undefined {
  const value = node.get(key);
  return typeof value === 'string' ? value : undefined;
}

function requiredText(node: JsonObject, key: string, problem: string): string {
  return optionalText(node, key) ?? fail(`${problem}: ${describe(node)}`);
}

function orderOf(node: JsonObject): AvroField['order'] {
  if (!node.has('order')) return 'ascending';
  const text = optionalText(node, 'order');
  return (
    orders.find((order) => order === text?.toLowerCase()) ?? fail(`Invalid field order: ${text}`)
  );
}

function aliasesOf(node: JsonObject): string[] {
  const aliases = node.get('aliases');
  if (aliases === undefined) return [];
  if (!isJsonArray(aliases)) fail(`aliases not an array: ${describe(node)}`);
  return aliases.map((alias) =>
    typeof alias === 'string' ? alias : fail(`alias not a string: ${describe(node)}`),
  );
}

function propertiesOf(node: JsonObject, attributes = schemaAttributes): ReadonlyMap<string, Json> {
  return new Map([...node].filter(([key]) => !attributes.has(key)));
}

function firstRepeated(names: readonly string[]): string | undefined {
  const seen = new Set<string>();
  return names.find((name) => seen.size === seen.add(name).size);
}

/** Enough of a node to find the place in the definition. */
function describe(node: Json): string {
  if (isJsonObject(node)) return optionalText(node, 'name') ?? `{${[...node.keys()].join(', ')}}`;
  if (isJsonArray(node)) return '[…]';
  return isJsonNumber(node) ? node.number : JSON.stringify(node);
}

function fail(message: string): never {
  throw new InvalidAvroSchemaError(message);
}
