// Decoded Avro values as JSON text, by the writer schema. JSON.stringify cannot do this: it refuses bigint, and does not
// know which numbers are instants.

import { createIsoTimestamp, isoDate, type TimestampUnit } from './iso-timestamp.ts';
import type { JsonWriter } from './json-writer.ts';

interface Attributes {
  readonly [attribute: string]: unknown;
}
type AvroSchema = string | readonly AvroSchema[] | Attributes;
type Print = (out: JsonWriter, value: never) => void;

/** Writes one value as JSON. */
export type ValuePrinter = (out: JsonWriter, value: unknown) => void;

/** How JavaScript tells a value of the type from others: what a union goes by. */
type Kind = 'null' | 'boolean' | 'number' | 'text' | 'buffer' | 'array' | 'object';

interface Printer {
  readonly kind: Kind;
  /** What a tagged union calls this branch. */
  readonly name: string;
  print: ValuePrinter;
}

interface Scope {
  readonly names: Map<string, Printer>;
  readonly namespace: string;
}

/**
 * Compiles a printer for the values that `@order-stream/serde` decodes by an Avro schema.
 *
 * - int, long: digits, all of them, never quoted; with a logical type `timestamp-*` or `local-timestamp-*` ISO 8601 text
 *   with every digit of the unit; `date` as `YYYY-MM-DD`
 * - float, double: a number; what JSON has no number for as `"NaN"`, `"Infinity"`, `"-Infinity"`
 * - bytes, fixed: base64, as Kafka Connect's JsonConverter prints them
 * - union: the branch's value, without its name
 * - record: all fields, in the schema's order; map: all entries
 *
 * @throws SyntaxError | TypeError when the definition is no Avro schema
 */
export function compileAvroPrinter(definition: string): ValuePrinter {
  return compile(JSON.parse(definition) as AvroSchema, { names: new Map(), namespace: '' }).print;
}

const printNumber: Print = (out, value: number | bigint) => out.number(value);
const printText: Print = (out, value: string) => out.string(value);
const printBytes: Print = (out, value: Buffer) => out.base64(value);
const printFloat: Print = (out, value: number) =>
  Number.isFinite(value) ? out.number(value) : out.ascii(`"${value}"`);

const primitives = new Map<string, Printer>(
  [
    printer('null', 'null', (out) => out.ascii('null')),
    printer('boolean', 'boolean', (out, value: boolean) => out.ascii(value ? 'true' : 'false')),
    printer('number', 'int', printNumber),
    printer('number', 'long', printNumber),
    printer('number', 'float', printFloat),
    printer('number', 'double', printFloat),
    printer('text', 'string', printText),
    printer('buffer', 'bytes', printBytes),
  ].map((primitive) => [primitive.name, primitive]),
);

const instantOf = (unit: TimestampUnit, zone: 'Z' | '') => (): Print =>
  createIsoTimestamp(unit, zone);
/** By logical type, what makes a printer: for each field its own. */
const logicalTypes = new Map<unknown, () => Print>([
  ['date', () => (out, days: number) => out.ascii(`"${isoDate(days)}"`)],
  ['timestamp-millis', instantOf('millis', 'Z')],
  ['timestamp-micros', instantOf('micros', 'Z')],
  ['timestamp-nanos', instantOf('nanos', 'Z')],
  ['local-timestamp-millis', instantOf('millis', '')],
  ['local-timestamp-micros', instantOf('micros', '')],
  ['local-timestamp-nanos', instantOf('nanos', '')],
]);

function printer(kind: Kind, name: string, print: Print): Printer {
  return { kind, name, print: print as ValuePrinter };
}

function compile(schema: AvroSchema, scope: Scope): Printer {
  if (typeof schema === 'string') return reference(schema, scope);
  if (Array.isArray(schema)) return compileUnion(schema, scope);
  const attributes = schema as Attributes;
  const type = attributes.type as AvroSchema;
  switch (type) {
    case 'record':
    case 'error':
      return define(attributes, 'object', scope, (inner) => recordPrint(attributes, inner));
    case 'enum':
      return define(attributes, 'text', scope, () => printText);
    case 'fixed':
      return define(attributes, 'buffer', scope, () => printBytes);
    case 'array':
      return printer('array', 'array', arrayPrint(attributes.items as AvroSchema, scope));
    case 'map':
      return printer('object', 'map', mapPrint(attributes.values as AvroSchema, scope));
    case 'int':
    case 'long':
      return printer('number', type, logicalTypes.get(attributes.logicalType)?.() ?? printNumber);
    default:
      return compile(type, scope);
  }
}

function reference(name: string, { names, namespace }: Scope): Printer {
  const found = primitives.get(name) ?? names.get(fullName(name, namespace)) ?? names.get(name);
  if (!found) throw new TypeError('the schema names a type that it does not define');
  return found;
}

function fullName(name: string, namespace: string): string {
  return name.includes('.') || namespace === '' ? name : `${namespace}.${name}`;
}

/** The type is known by its name before its parts are compiled, so that a record can contain itself. */
function define(
  attributes: Attributes,
  kind: Kind,
  { names, namespace }: Scope,
  build: (inner: Scope) => Print,
): Printer {
  const name = fullName(String(attributes.name), String(attributes.namespace ?? namespace));
  const defined = printer(kind, name, (out, value) => defined.print(out, value));
  names.set(name, defined);
  const end = name.lastIndexOf('.');
  defined.print = build({ names, namespace: end < 0 ? '' : name.slice(0, end) }) as ValuePrinter;
  return defined;
}

function recordPrint(attributes: Attributes, scope: Scope): Print {
  const fields = (attributes.fields as readonly { name: string; type: AvroSchema }[]).map(
    ({ name, type }, index) => ({
      name,
      opening: Buffer.from(`${index === 0 ? '{' : ','}${JSON.stringify(name)}:`),
      print: compile(type, scope).print,
    }),
  );
  if (fields.length === 0) return (out) => out.ascii('{}');
  return (out, record: Record<string, unknown>) => {
    for (const { name, opening, print } of fields) {
      out.raw(opening);
      print(out, record[name]);
    }
    out.ascii('}');
  };
}

function arrayPrint(itemSchema: AvroSchema, scope: Scope): Print {
  const { print } = compile(itemSchema, scope);
  return (out, items: readonly unknown[]) => {
    let separator = '[';
    for (const item of items) {
      out.ascii(separator);
      print(out, item);
      separator = ',';
    }
    out.ascii(separator === '[' ? '[]' : ']');
  };
}

function mapPrint(valueSchema: AvroSchema, scope: Scope): Print {
  const { print } = compile(valueSchema, scope);
  return (out, entries: Record<string, unknown>) => {
    let separator = '{';
    for (const [key, value] of Object.entries(entries)) {
      out.ascii(separator);
      out.string(key);
      out.ascii(':');
      print(out, value);
      separator = ',';
    }
    out.ascii(separator === '{' ? '{}' : '}');
  };
}

function compileUnion(schemas: readonly AvroSchema[], scope: Scope): Printer {
  const branches = schemas.map((schema) => compile(schema, scope));
  const byKind = new Map(branches.map((branch) => [branch.kind, branch]));
  if (byKind.size === branches.length)
    return printer('object', 'union', (out, value) =>
      branchOf(byKind, kindOf(value)).print(out, value),
    );

  // The decoder tags the value where JavaScript cannot tell the branches apart: {"long": 5}.
  const byName = new Map(branches.map((branch) => [branch.name, branch]));
  return printer('object', 'union', (out, value: Record<string, unknown> | null) => {
    if (value === null) return out.ascii('null');
    const [[name, tagged]] = Object.entries(value) as [[string, unknown]];
    branchOf(byName, name).print(out, tagged);
  });
}

function branchOf<Key>(branches: ReadonlyMap<Key, Printer>, key: Key): Printer {
  const found = branches.get(key);
  if (!found) throw new TypeError('the value is of no branch of its union');
  return found;
}

function kindOf(value: unknown): Kind {
  switch (typeof value) {
    case 'number':
    case 'bigint':
      return 'number';
    case 'string':
      return 'text';
    case 'boolean':
      return 'boolean';
    default:
      if (value === null) return 'null';
      if (Array.isArray(value)) return 'array';
      return Buffer.isBuffer(value) ? 'buffer' : 'object';
  }
}
