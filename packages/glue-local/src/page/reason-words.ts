import type { Reason } from '../kept-reasons.ts';

/** Who reads and who wrote, as parts of a sentence: "version 2", "the new definition". */
interface Sides {
  readonly reader: string;
  readonly writer: string;
}

/** The sentence for each type of incompatibility; `detail` is its message. */
const sentences: Record<string, (sides: Sides, detail: string) => string> = {
  // Avro
  NAME_MISMATCH: ({ reader, writer }, detail) =>
    `The type has another name in ${reader} than in ${writer} (${detail}). An alias allows the new name.`,
  FIXED_SIZE_MISMATCH: ({ reader, writer }, detail) =>
    `The fixed type has another size in ${reader} than in ${writer} (${detail}).`,
  MISSING_ENUM_SYMBOLS: ({ reader, writer }, detail) =>
    `The enum of ${writer} has the symbols ${detail}, and that of ${reader} does not and has no default.`,
  READER_FIELD_MISSING_DEFAULT_VALUE: ({ reader, writer }, detail) =>
    `The field “${detail}” of ${reader} has no default, and records of ${writer} do not have the field.`,
  TYPE_MISMATCH({ reader, writer }, detail) {
    const [, to, from] =
      /^reader type: (\w+) not compatible with writer type: (\w+)$/.exec(detail) ?? [];
    return to === undefined
      ? `The types differ: ${detail}.`
      : `The type is ${to} in ${reader} and ${from} in ${writer}: ${from} cannot be read as ${to}.`;
  },
  MISSING_UNION_BRANCH: ({ reader, writer }, detail) =>
    `A value of ${writer} can have the type ${detail.split(': ').at(-1)}, which ${reader} does not accept here.`,
  AMBIGUOUS_FIELD: ({ reader, writer }, detail) =>
    `The name and the aliases of the field name several fields of ${writer} in ${reader} (${detail}).`,
  // JSON Schema
  TYPE_NARROWED: ({ reader, writer }, detail) =>
    `Values that ${writer} allows have a type that ${reader} does not allow: ${detail}.`,
  UNION_NARROWED: ({ reader, writer }, detail) =>
    `Values that ${writer} allows match no branch of ${reader}: ${detail}.`,
  REQUIRED_PROPERTY_ADDED: ({ reader, writer }, detail) =>
    `The property “${detail}” is required in ${reader}, and objects of ${writer} can lack it.`,
  LIMIT_NARROWED: ({ reader, writer }, detail) =>
    `The limit in ${reader} is narrower than in ${writer}: ${detail}.`,
  PATTERN_CHANGED: ({ reader, writer }, detail) =>
    `Texts that ${writer} allows may not match the pattern of ${reader}: ${detail}.`,
  ENUM_ADDED: ({ reader, writer }, detail) =>
    `Values are limited to a list in ${reader} and not in ${writer}: ${detail}.`,
  ENUM_NARROWED: ({ reader, writer }, detail) =>
    `The list of values in ${reader} lacks values that ${writer} allows: ${detail}.`,
  ADDITIONAL_PROPERTIES_CLOSED: ({ reader, writer }, detail) =>
    `Objects of ${writer} can have properties that ${reader} does not allow: ${detail}.`,
  PROPERTY_ADDED_TO_OPEN_SCHEMA: ({ reader, writer }, detail) =>
    `A property of ${reader} is not declared in ${writer}, whose objects can have it with any value. ${upperFirst(detail)}.`,
  PROPERTY_DROPPED_FROM_CLOSED_SCHEMA: ({ reader, writer }, detail) =>
    `A property of ${writer} is missing in ${reader}, which allows no others. ${upperFirst(detail)}.`,
  CONDITION_CHANGED: ({ reader, writer }, detail) =>
    `The condition differs between ${reader} and ${writer}, and whether it is looser cannot be decided: ${detail}.`,
  TOO_COMPLEX: ({ reader, writer }, detail) =>
    `The schemas of ${reader} and ${writer} are too complex to compare: ${detail}.`,
  // Protobuf
  MESSAGE_REMOVED: ({ reader, writer }, detail) =>
    `A message of ${writer} is missing in ${reader}: ${detail}.`,
  FIELD_NUMBER_CHANGED({ reader, writer }, detail) {
    const [from, to] = detail.split(' is ');
    return `The field has number ${to} in ${reader} and ${from} in ${writer}.`;
  },
  FIELD_TYPE_CHANGED({ reader, writer }, detail) {
    const [from, to] = detail.split(' is ');
    return `The type is ${to} in ${reader} and ${from} in ${writer}: bytes of one mean something else in the other.`;
  },
  FIELD_KIND_CHANGED: ({ reader, writer }, detail) =>
    `The field is a map in ${reader} or in ${writer}, but not in both: ${detail}.`,
  FIELD_CARDINALITY_CHANGED: ({ reader, writer }, detail) =>
    `The field is repeated in ${reader} or in ${writer}, but not in both: ${detail}.`,
  RESERVED_FIELD_USED: ({ reader, writer }, detail) =>
    `The field of ${reader} is reserved in ${writer}: ${detail}.`,
  REQUIRED_FIELD_ADDED: ({ reader, writer }) =>
    `The field is required in ${reader}, and messages of ${writer} can lack it.`,
  ENUM_VALUE_NUMBER_CHANGED({ reader, writer }, detail) {
    const [, name, from, to] = /^(.*) = (-?\d+) is (-?\d+)$/.exec(detail) ?? [];
    return `The value ${name} of the enum is ${to} in ${reader} and ${from} in ${writer}.`;
  },
  ENUM_VALUE_REMOVED: ({ reader, writer }, detail) =>
    `A value of the enum in ${writer} is missing in ${reader}: ${detail}.`,
  FIELDS_MOVED_INTO_ONEOF: ({ reader, writer }, detail) =>
    `Fields that exclude each other in ${reader} do not in ${writer}: ${detail}.`,
  RPC_REMOVED: ({ reader, writer }, detail) =>
    `A client of ${writer} can call an RPC that ${reader} lacks: ${detail}.`,
  RPC_SIGNATURE_CHANGED: ({ reader, writer }, detail) =>
    `The RPC differs between ${reader} and ${writer}: ${detail}.`,
  // Every format
  VERSIONING_DISABLED: () => 'Compatibility DISABLED allows no version after the first one.',
};

/** The types of reasons that have a sentence. */
export const reasonTypes: ReadonlySet<string> = new Set(Object.keys(sentences));

/**
 * What is wrong, in a sentence.
 * @param proposed names the definition that is not compatible, `previous` the one before it
 */
export function reasonInWords(reason: Reason, proposed: string, previous: string): string {
  const { direction, message, type } = reason;
  const sides =
    direction === 'BACKWARD'
      ? { reader: proposed, writer: previous }
      : { reader: previous, writer: proposed };
  return reasonTypes.has(type) ? (sentences[type]?.(sides, message) ?? message) : `${message}.`;
}

/** Which side cannot read the other, in a sentence. */
export function directionInWords(
  { direction }: Reason,
  proposed: string,
  previous: string,
): string {
  return direction === 'BACKWARD'
    ? `${upperFirst(proposed)} cannot read all data of ${previous}`
    : `${upperFirst(previous)} cannot read all data of ${proposed}`;
}

export function upperFirst(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
