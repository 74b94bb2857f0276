// Decoded Avro values as JSON text, by the writer schema. JSON.stringify cannot do this: it refuses bigint, and does not
// know which numbers are instants.

import {
  type AvroSchema,
  branchName,
  isTagged,
  parseAvro,
  type RecordSchema,
  type RegisteredSchema,
  type UnionSchema,
  valueKindOf,
  valueKinds,
} from '@order-stream/serde';
import { createIsoTimestamp, isoDate, type TimestampUnit } from './iso-timestamp.ts';
import type { JsonWriter } from './json-writer.ts';

type Print = (out: JsonWriter, value: never) => void;

/** Writes one value as JSON. */
export type ValuePrinter = (out: JsonWriter, value: unknown) => void;

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
 * @throws InvalidAvroSchemaError when the definition is not an Avro schema
 */
export function compileAvroPrinter(
  definition: string,
  references?: RegisteredSchema['references'],
): ValuePrinter {
  return compile(parseAvro(definition, { lenient: true, references }), new Map());
}

const printNumber: Print = (out, value: number | bigint) => out.number(value);
const printText: Print = (out, value: string) => out.string(value);
const printBytes: Print = (out, value: Buffer) => out.base64(value);
const printFloat: Print = (out, value: number) =>
  Number.isFinite(value) ? out.number(value) : out.ascii(`"${value}"`);

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

/** `printers`: of the records compiled so far, so that a record can contain itself. */
function compile(schema: AvroSchema, printers: Map<RecordSchema, Print>): ValuePrinter {
  return printOf(schema, printers) as ValuePrinter;
}

function printOf(schema: AvroSchema, printers: Map<RecordSchema, Print>): Print {
  switch (schema.type) {
    case 'null':
      return (out) => out.ascii('null');
    case 'boolean':
      return (out, value: boolean) => out.ascii(value ? 'true' : 'false');
    case 'int':
    case 'long':
      return logicalTypes.get(schema.properties.get('logicalType'))?.() ?? printNumber;
    case 'float':
    case 'double':
      return printFloat;
    case 'string':
    case 'enum':
      return printText;
    case 'bytes':
    case 'fixed':
      return printBytes;
    case 'array':
      return arrayPrint(compile(schema.items, printers));
    case 'map':
      return mapPrint(compile(schema.values, printers));
    case 'union':
      return unionPrint(schema, printers);
    case 'record': {
      const known = printers.get(schema);
      if (known) return known;
      let print: Print;
      printers.set(schema, (out, value) => print(out, value));
      print = recordPrint(schema, printers);
      return print;
    }
  }
}

function recordPrint(record: RecordSchema, printers: Map<RecordSchema, Print>): Print {
  const fields = (record.fields ?? []).map(({ name, schema }, index) => ({
    name,
    opening: Buffer.from(`${index === 0 ? '{' : ','}${JSON.stringify(name)}:`),
    print: compile(schema, printers),
  }));
  if (fields.length === 0) return (out) => out.ascii('{}');
  return (out, record: Record<string, unknown>) => {
    for (const { name, opening, print } of fields) {
      out.raw(opening);
      print(out, record[name]);
    }
    out.ascii('}');
  };
}

function arrayPrint(print: ValuePrinter): Print {
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

function mapPrint(print: ValuePrinter): Print {
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

function unionPrint(union: UnionSchema, printers: Map<RecordSchema, Print>): Print {
  const tagged = isTagged(union);
  const prints = new Map<string | undefined, ValuePrinter>(
    union.branches.map((branch) => [
      tagged ? branchName(branch) : valueKinds[branch.type],
      compile(branch, printers),
    ]),
  );
  const branchPrint = (key: string | undefined): ValuePrinter => {
    const found = prints.get(key);
    if (!found) throw new TypeError('the value matches no branch of its union');
    return found;
  };
  if (!tagged) return (out, value) => branchPrint(valueKindOf(value))(out, value);
  // The decoder tags the value where JavaScript cannot distinguish the branches: {"long": 5}.
  return (out, value: Record<string, unknown> | null) => {
    if (value === null) return out.ascii('null');
    const [[name, member]] = Object.entries(value) as [[string, unknown]];
    branchPrint(name)(out, member);
  };
}
