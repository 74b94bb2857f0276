import { type AvroSchema, branchName, decimalText, type UnionSchema } from '@order-stream/serde';
import { type LeafPrinters, printBase64, printNumber } from '../avro-json.ts';
import type { JsonWriter } from '../json-writer.ts';
import { UnstorableValueError } from './file-format.ts';

/**
 * JSON as Kafka Connect's JsonConverter prints what an Avro converter has read, with `decimal.format=NUMERIC`: logical
 * timestamps, dates and times are their numbers, so that `timestamp-millis` is epoch milliseconds.
 */
export const connectLeaves: LeafPrinters = {
  integer: () => printNumber,
  float: ({ type }) =>
    type === 'float' ? (out, value) => printFloat(out, shortestSingle(value)) : printFloat,
  bytes(schema) {
    const digitsOf = decimalText(schema);
    return digitsOf ? (out, value) => printDecimal(out, value, digitsOf) : printBase64;
  },
  unionFields,
  isArray: ({ fullName }) => mapEntries.has(fullName),
};

/** An entry of a map whose keys are not text: Avro has no such map, and Connect prints it as an array of pairs. */
const mapEntries: ReadonlySet<string> = new Set([
  'com.amazonaws.services.schemaregistry.kafkaconnect.avrodata.MapEntry',
  'io.confluent.connect.avro.MapEntry',
]);

function printDecimal(out: JsonWriter, value: Buffer, digitsOf: (bytes: Buffer) => string): void {
  let digits: string;
  try {
    digits = digitsOf(value);
  } catch {
    throw new UnstorableValueError('expected the bytes of a decimal, got none or too many');
  }
  out.ascii(digits);
}

/** As Java's Double.toString: `1.0`, `-0.0`, `1.0E7`, `4.9E-324`. No reader mistakes it for an integer. */
function printFloat(out: JsonWriter, value: number): void {
  const shortest = value.toExponential();
  const twoDigits = shortest.includes('.') ? shortest : value.toExponential(1);
  const [mantissa, exponent] = twoDigits.split('e') as [string, string];
  if (Object.is(value, -0)) out.ascii('-');
  if (Number(exponent) < -3 || Number(exponent) >= 7) {
    out.ascii(`${mantissa}E${Number(exponent)}`);
    return;
  }
  const digits = String(value);
  out.ascii(digits.includes('.') ? digits : `${digits}.0`);
}

/** The number with the fewest digits, two or more, that gives the same float: 1.1 and not 1.100000023841858. */
function shortestSingle(value: number): number {
  if (value === 0) return value;
  let digits = 2;
  while (digits < 9 && Math.fround(Number(value.toPrecision(digits))) !== value) digits += 1;
  return Number(value.toPrecision(digits));
}

/**
 * A union of null and one type is the value or null. Any other is an object with a field for each type: `{"int":5,"string":null}`.
 * Records and enums give their names without the namespace. Full names where two types would have one name: Connect refuses these.
 */
function unionFields({ branches }: UnionSchema): ReadonlyMap<AvroSchema, string> | undefined {
  const types = branches.filter(({ type }) => type !== 'null');
  if (types.length < 2 && types.length < branches.length) return undefined;
  const names = types.map((type) =>
    type.type === 'record' || type.type === 'enum' ? type.name : type.type,
  );
  const areUnique = new Set(names).size === names.length;
  return new Map(
    types.map((type, index) => [type, areUnique ? (names[index] as string) : branchName(type)]),
  );
}
