import type { ValueType } from './proto-file.ts';

/** Options of the Protobuf format. */
export interface ProtobufFormatOptions {
  /**
   * `plain` (default): 64-bit integers are numbers if safe, else bigints; bytes are Buffers;
   * a Timestamp is `{ seconds, nanos }`; absent fields without presence have their default.
   * `json`: the Protobuf JSON mapping as Java's `JsonFormat` prints it. A Value without a JSON form (NaN, an
   * infinity) is then neither read nor written.
   */
  values?: 'plain' | 'json';
  /** Names of fields: `orderId` with `json` (default), `order_id` with `proto`. Writing prefers these and accepts both. */
  fieldNames?: 'json' | 'proto';
  /**
   * Text by path of files that definitions import, besides the references of a schema and the files that the Java
   * library brings along.
   */
  imports?: Readonly<Record<string, string>>;
  /**
   * What happens when a message is written with a property that is not one of its fields. `ignore`: the property is not
   * written. `refuse`: a `SchemaMismatchError` at the pointer of the message and `*`, because the name of the property is
   * content. A property whose value is `undefined` is never refused. Default `ignore`.
   */
  unknownProperties?: 'ignore' | 'refuse' | undefined;
}

type Scalar = Exclude<ValueType, { kind: 'message' }>;

const in64Bits = new Set(['int64', 'uint64', 'sint64', 'fixed64', 'sfixed64']);

/** Converts a value to the Protobuf JSON mapping; `undefined` if the value stays the same. */
export function jsonConverterOf(type: Scalar): ((value: unknown) => unknown) | undefined {
  if (type.kind === 'enum') {
    return type.type.fullName === 'google.protobuf.NullValue' ? () => null : undefined;
  }
  if (in64Bits.has(type.scalar)) return String;
  if (type.scalar === 'bytes') return (value) => (value as Buffer).toString('base64');
  if (type.scalar === 'double') return (value) => finite(value as number, (number) => number);
  if (type.scalar === 'float') return (value) => finite(value as number, shortestFloat);
  return undefined;
}

function finite(value: number, print: (value: number) => number): number | string {
  return Number.isFinite(value) ? print(value) : String(value);
}

/** The number with the fewest digits that rounds to this float, as Java prints it. */
function shortestFloat(value: number): number {
  // The digits of minus zero have no sign.
  if (value === 0) return value;
  for (let digits = 1; digits < 9; digits += 1) {
    const shorter = Number(value.toPrecision(digits));
    if (Math.fround(shorter) === value) return shorter;
  }
  return value;
}
