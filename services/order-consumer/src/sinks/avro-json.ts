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
import { createIsoTimestamp, printIsoDate, type TimestampUnit } from './iso-timestamp.ts';
import type { JsonWriter } from './json-writer.ts';

type Print = (out: JsonWriter, value: never) => void;

/** Writes one value as JSON. */
export type ValuePrinter = (out: JsonWriter, value: unknown) => void;

type LeafSchema = Exclude<AvroSchema, UnionSchema>;

/** The types that sinks print differently. Each function is called for one place in a schema. */
export interface LeafPrinters {
  /** int, long */
  integer(schema: LeafSchema): (out: JsonWriter, value: number | bigint) => void;
  /** float, double; only for finite values */
  float(schema: LeafSchema): (out: JsonWriter, value: number) => void;
  /** bytes, fixed */
  bytes(schema: LeafSchema): (out: JsonWriter, value: Buffer) => void;
  /**
   * For a union that is printed as an object with a field for each of these branches, in which all but one are null: the
   * names of the fields. Default: a union is the value of its branch, without a name.
   */
  unionFields?(union: UnionSchema): ReadonlyMap<AvroSchema, string> | undefined;
  /** Whether a record is printed as an array of its fields' values, without their names. Default: no. */
  isArray?(record: RecordSchema): boolean;
}

/**
 * Compiles a printer for the values that `@order-stream/serde` decodes by an Avro schema.
 *
 * - int, long, float, double, bytes, fixed: see `leaves`
 * - what JSON has no number for: `"NaN"`, `"Infinity"`, `"-Infinity"`
 * - union: the branch's value, without its name, unless `leaves.unionFields` names fields
 * - record: all fields, in the schema's order; map: all entries
 *
 * @throws InvalidAvroSchemaError when the definition is not an Avro schema
 */
export function compileAvroPrinter(
  definition: string,
  references?: RegisteredSchema['references'],
  leaves: LeafPrinters = isoLeaves,
): ValuePrinter {
  return createCompiler(leaves)(parseAvro(definition, { lenient: true, references }));
}

const printText: Print = (out, value: string) => out.string(value);

export const printNumber = (out: JsonWriter, value: number | bigint) => out.number(value);
/** As Kafka Connect's JsonConverter prints bytes. */
export const printBase64 = (out: JsonWriter, value: Buffer) => out.base64(value);

const instantOf = (unit: TimestampUnit, zone: 'Z' | '') => () => createIsoTimestamp(unit, zone);
type IntegerPrinter = ReturnType<LeafPrinters['integer']>;
const dateOf = () => printIsoDate;
/** By logical type, what makes a printer: for each field its own. */
const logicalTypes = new Map<unknown, () => IntegerPrinter>([
  ['date', dateOf],
  ['timestamp-millis', instantOf('millis', 'Z')],
  ['timestamp-micros', instantOf('micros', 'Z')],
  ['timestamp-nanos', instantOf('nanos', 'Z')],
  ['local-timestamp-millis', instantOf('millis', '')],
  ['local-timestamp-micros', instantOf('micros', '')],
  ['local-timestamp-nanos', instantOf('nanos', '')],
]);
/** By `connect.name`: Debezium's types have no logical type. Its timestamps are of a column without a time zone. */
const connectTypes = new Map<unknown, () => IntegerPrinter>([
  ['io.debezium.time.Date', dateOf],
  ['io.debezium.time.Timestamp', instantOf('millis', '')],
  ['io.debezium.time.MicroTimestamp', instantOf('micros', '')],
  ['io.debezium.time.NanoTimestamp', instantOf('nanos', '')],
  ['org.apache.kafka.connect.data.Date', dateOf],
  ['org.apache.kafka.connect.data.Timestamp', instantOf('millis', 'Z')],
]);

/**
 * - int, long: digits, all of them, never quoted; with a logical type `timestamp-*` or `local-timestamp-*`, or as one of
 *   Debezium's timestamps, ISO 8601 text with every digit of the unit; a date as `YYYY-MM-DD`
 * - float, double: a number
 * - bytes, fixed: base64
 */
const isoLeaves: LeafPrinters = {
  integer: ({ properties }) =>
    logicalTypes.get(properties.get('logicalType'))?.() ??
    connectTypes.get(properties.get('connect.name'))?.() ??
    printNumber,
  float: () => printNumber,
  bytes: () => printBase64,
};

function createCompiler(leaves: LeafPrinters) {
  /** Of the records compiled so far, so that a record can contain itself. */
  const printers = new Map<RecordSchema, Print>();
  const compile = (schema: AvroSchema) => printOf(schema) as ValuePrinter;
  return compile;

  function printOf(schema: AvroSchema): Print {
    switch (schema.type) {
      case 'null':
        return (out) => out.ascii('null');
      case 'boolean':
        return (out, value: boolean) => out.ascii(value ? 'true' : 'false');
      case 'int':
      case 'long':
        return leaves.integer(schema);
      case 'float':
      case 'double':
        return floatPrint(leaves.float(schema));
      case 'string':
      case 'enum':
        return printText;
      case 'bytes':
      case 'fixed':
        return leaves.bytes(schema);
      case 'array':
        return arrayPrint(compile(schema.items));
      case 'map':
        return mapPrint(compile(schema.values));
      case 'union':
        return unionPrint(schema, compile, leaves.unionFields?.(schema));
      case 'record': {
        const known = printers.get(schema);
        if (known) return known;
        let print: Print;
        printers.set(schema, (out, value) => print(out, value));
        print = recordPrint(schema, compile, leaves.isArray?.(schema));
        return print;
      }
    }
  }
}

type Compile = (schema: AvroSchema) => ValuePrinter;

function floatPrint(print: (out: JsonWriter, value: number) => void): Print {
  return (out, value: number) =>
    Number.isFinite(value) ? print(out, value) : out.ascii(`"${value}"`);
}

function recordPrint(record: RecordSchema, compile: Compile, isArray = false): Print {
  const [first, last] = isArray ? (['[', ']'] as const) : (['{', '}'] as const);
  const fields = (record.fields ?? []).map(({ name, schema }, index) => ({
    name,
    opening: Buffer.from(
      `${index === 0 ? first : ','}${isArray ? '' : `${JSON.stringify(name)}:`}`,
    ),
    print: compile(schema),
  }));
  if (fields.length === 0) return (out) => out.ascii(`${first}${last}`);
  return (out, record: Record<string, unknown>) => {
    for (const { name, opening, print } of fields) {
      out.raw(opening);
      print(out, record[name]);
    }
    out.ascii(last);
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

function unionPrint(
  union: UnionSchema,
  compile: Compile,
  fields?: ReadonlyMap<AvroSchema, string>,
): Print {
  const tagged = isTagged(union);
  const prints = new Map<string | undefined, ValuePrinter>(
    union.branches.map((branch) => [
      tagged ? branchName(branch) : valueKinds[branch.type],
      fields?.has(branch) ? fieldPrint(fields, branch, compile(branch)) : compile(branch),
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

/** `{"int":null,"string":"text"}` for the branch `string` */
function fieldPrint(
  fields: ReadonlyMap<AvroSchema, string>,
  branch: AvroSchema,
  print: ValuePrinter,
): ValuePrinter {
  // JSON text cannot contain this character.
  const gap = '\0';
  const members = Array.from(fields, ([other, name]) => {
    const value = other === branch ? gap : 'null';
    return `${JSON.stringify(name)}:${value}`;
  });
  const [before, after] = `{${members.join()}}`.split(gap).map((text) => Buffer.from(text)) as [
    Buffer,
    Buffer,
  ];
  return (out, value) => {
    out.raw(before);
    print(out, value);
    out.raw(after);
  };
}
