import { canonicalProtobuf } from '@order-stream/serde/compatibility';
import type { Difference } from './difference.ts';
import type { FormatName } from './fuzz-format.ts';
import type { JsonInput } from './json/json-format.ts';
import { builtinFiles } from './protobuf/builtin-files.ts';
import { plainProto, quotedDefaults } from './protobuf/plain-proto.ts';
import type { ProtobufInput } from './protobuf/protobuf-format.ts';

/** A difference from Java that README names, and exactly the answers that its sentence covers. */
export interface NamedDifference {
  name: string;
  format: FormatName;
  /** Words of packages/serde/README.md; white space aside. */
  sentence: string;
  covers(difference: Difference, input: unknown): boolean;
}

export const namedDifferences: readonly NamedDifference[] = [
  {
    name: 'Avro Java throws where a reader field has several sources',
    format: 'avro',
    sentence:
      'Where a reader field and its aliases name several fields of the writer, Avro Java throws',
    covers: ({ question, java, ours, reasons }) =>
      question === 'verdict' &&
      java === 'refused' &&
      ours === 'incompatible' &&
      /matches multiple fields in writer/.test(reasons['verdict, Java'] ?? ''),
  },
  {
    name: 'bytes that are not UTF-8, read as a string',
    format: 'avro',
    sentence: 'Bytes that are not UTF-8 have U+FFFD for each sequence that is wrong',
    covers: ({ question, java, ours }, input) => {
      const inJava = otherBytes(java);
      const here = otherBytes(ours);
      return (
        question.startsWith('resolved') &&
        /\bbytes\b/.test(JSON.stringify(input)) &&
        inJava.replaced > 0 &&
        here.replaced > 0 &&
        inJava.others === here.others
      );
    },
  },
  jsonDifference(
    'a list of no types or values',
    '`"type": []` and `"enum": []`, which Java reads as "nothing is allowed", are invalid.',
    ({ java, ours }, { schema }, { ourReason }) =>
      java !== 'refused' &&
      ours === 'refused' &&
      /"(?:type|enum)"\s*:\s*\[\s*\]/.test(schema) &&
      /expected a type of JSON Schema, or a list|a list of at least one value/.test(ourReason),
  ),
  jsonDifference(
    'an $id that is not a string',
    'An `$id` that is not a string is invalid in each draft.',
    ({ java, ours }, _input, { ourReason }) =>
      java !== 'refused' && ours === 'refused' && /\/\$id': expected a string/.test(ourReason),
  ),
  jsonDifference(
    'a member that is null in an enum or const',
    'Java finds objects equal that differ in a member that is null',
    ({ java, ours }, { schema }, { value }) =>
      java !== 'refused' &&
      ours !== 'refused' &&
      (/"(?:enum|const)"\s*:[\s\S]*?:\s*null\b/.test(schema) ||
        (/"(?:enum|const)"/.test(schema) && /:\s*null\b/.test(value))),
  ),
  jsonDifference(
    'a circle of references',
    "A circle of references is invalid where Java's stack overflows",
    ({ java }, _input, { javaReason }) =>
      java === 'refused' && javaReason.startsWith('java.lang.StackOverflowError'),
  ),
  jsonDifference(
    'a reference that Java cannot resolve',
    'A reference that Java cannot resolve has the target that JSON Schema prescribes',
    ({ java, ours }, { schema }, { javaReason }) =>
      java === 'refused' &&
      ours !== 'refused' &&
      schema.includes('"$ref"') &&
      /reference is not allowed|URISyntaxException: .* in fragment|key \[.*\] not found/.test(
        javaReason,
      ),
  ),
  jsonDifference(
    'an error that Java cannot word',
    'Java ends with an exception of its JSON printer',
    ({ java, ours }, { schema }, { javaReason }) =>
      java === 'refused' &&
      ours === 'invalid' &&
      schema.includes('"not"') &&
      /JSONException: Duplicate key/.test(javaReason),
  ),
  jsonDifference(
    'formats',
    "Formats are Java's, with these differences:",
    ({ java, ours }, { schema }, { value }) =>
      java !== 'refused' &&
      ours !== 'refused' &&
      Object.entries(differentTexts).some(
        ([format, text]) =>
          new RegExp(`"format"\\s*:\\s*"${format}"`).test(schema) &&
          (value.match(/"(?:[^"\\]|\\.)*"/g) ?? []).some((one) => text.test(JSON.parse(one))),
      ),
  ),
  jsonDifference(
    'a number with an exponent',
    'As a number it is written with an exponent, which Java does not take for an integer.',
    ({ java, ours }, { schema }, { value }) =>
      java !== 'refused' &&
      ours !== 'refused' &&
      schema.includes('"integer"') &&
      /\de\+/.test(value),
  ),
  protobufDifference(
    'a file without a package',
    "in a file **without a package**, AWS's library counts each nested message twice",
    (difference, { schema }, { javaReason }) =>
      packageOf(schema) === undefined &&
      hasNestedType(schema) &&
      (isOtherIndex(difference) || / is already defined/.test(javaReason)),
  ),
  protobufDifference(
    'a package that begins the name of a type brought along',
    'the types brought along whose full names begin with the name of the package',
    (difference, { schema }) => {
      const name = packageOf(schema);
      return (
        name !== undefined &&
        typesBroughtAlong.some((type) => type.startsWith(name)) &&
        isOtherIndex(difference)
      );
    },
  ),
  protobufDifference(
    'a type with the name of a package brought along',
    'Java refuses a type with the name of a package brought along',
    ({ question, java }, { schema }, { javaReason }) =>
      question === 'parse' &&
      java === 'refused' &&
      packageOf(schema) === undefined &&
      /"(google|additionalTypes|metadata|wire)" is already defined in file/.test(javaReason),
  ),
  protobufDifference(
    "a message with the package's name",
    "where a message has the package's name",
    (difference, { schema }, { javaReason }) =>
      hasMessageOfPackage(schema) &&
      (isOtherIndex(difference) || / is already defined/.test(javaReason)),
  ),
  protobufDifference(
    'a name declared twice',
    'an enum value with the name of a type or field beside its enum, a oneof with the name of a field',
    ({ question, java }, _input, { ourReason }) =>
      question === 'parse' && java === 'accepted' && /is declared twice/.test(ourReason),
  ),
  protobufDifference(
    'fields that share a JSON name',
    'Fields of proto2 that share a JSON name keep their own names here; Java refuses the file, or takes one for the other.',
    ({ question, java }, { schema }, { javaReason }) =>
      question === 'parse'
        ? java === 'refused' && /multiple fields share same JSON name/.test(javaReason)
        : /^(?:body|value)/.test(question) && hasSharedJsonName(schema),
  ),
  protobufDifference(
    'fields that only json_name sets apart',
    'fields of proto3 whose JSON names differ by the option `json_name` alone',
    ({ question, java }, { schema }, { ourReason }) =>
      question === 'parse' &&
      java === 'accepted' &&
      /has the JSON name of another field/.test(ourReason) &&
      /\bjson_name\b/.test(plainProto(schema)) &&
      hasSharedJsonName(schema),
  ),
  protobufDifference(
    'an import that is repeated',
    'an import that is repeated',
    ({ question, java }, _input, { ourReason }) =>
      question === 'parse' && java === 'accepted' && / is imported twice/.test(ourReason),
  ),
  protobufDifference(
    'an extension outside the ranges',
    'an extension whose number the message does not offer',
    ({ question, java }, _input, { ourReason }) =>
      question === 'parse' &&
      java === 'accepted' &&
      /does not declare \d+ as the number of an extension/.test(ourReason),
  ),
  protobufDifference(
    'a default of bytes',
    'a default of `bytes` that is not a word',
    ({ question, java }, { schema }, { javaReason }) =>
      question === 'parse' &&
      java === 'refused' &&
      cannotReadItsPrint.test(javaReason) &&
      quotedDefaults(schema).some(
        ({ type, written }) => type === 'bytes' && !/^[\w.-]+$/.test(written),
      ),
  ),
  protobufDifference(
    'a default of string',
    'a default of `string` that contains `"` or ends with `\\`',
    ({ question, java }, { schema }, { javaReason }) =>
      question === 'parse' &&
      java === 'refused' &&
      cannotReadItsPrint.test(javaReason) &&
      quotedDefaults(schema).some(
        ({ type, written }) => type === 'string' && /"|\\\\$/.test(written),
      ),
  ),
  protobufDifference(
    'a default of string that Java prints as another',
    'A default of `string` that contains `\\` or a line break has another value in the text that Java registers.',
    ({ question, ours, reasons }, { schema }) =>
      question === 'printed' &&
      ours === 'no' &&
      withoutDefaults(schema) === withoutDefaults(reasons['printed, Java'] ?? '') &&
      quotedDefaults(schema).some(
        ({ type, written }) => type === 'string' && /\\[\\n]|\n/.test(written),
      ),
  ),
  protobufDifference(
    'a public import that Java cannot add',
    '`import public` of `google/protobuf/descriptor.proto` or `wire/extensions.proto`',
    ({ question, java }, _input, { javaReason }) =>
      question === 'parse' &&
      java === 'refused' &&
      /Invalid public dependency: (?:google\/protobuf\/descriptor|wire\/extensions)\.proto/.test(
        javaReason,
      ),
  ),
  protobufDifference(
    'a compound name',
    '`X.Y` where the innermost `X` has no `Y`',
    ({ question, java }, _input, { ourReason }) =>
      question === 'parse' &&
      java === 'accepted' &&
      /stands for .*, which is not declared, because the innermost|expected the name of a type, .* is the field/.test(
        ourReason,
      ),
  ),
  protobufDifference(
    'two underscores in a row',
    'Java refuses a field with two underscores in a row in its name',
    ({ question, java }, { schema }, { javaReason }) =>
      question === 'parse' &&
      java === 'refused' &&
      /\w*__\w*\s*=/.test(plainProto(schema)) &&
      javaReason.includes('StringIndexOutOfBoundsException'),
  ),
  protobufDifference(
    'a comment before a declaration on the same line',
    'a `/* comment */` after a declaration that another one follows on the same line',
    ({ question, java }, _input, { javaReason }) =>
      question === 'parse' &&
      java === 'refused' &&
      /no syntax may follow trailing comment/.test(javaReason),
  ),
];

export function nameOf(
  format: FormatName,
  difference: Difference,
  input: unknown,
): NamedDifference | undefined {
  return namedDifferences.find((one) => one.format === format && one.covers(difference, input));
}

interface Reasons {
  javaReason: string;
  ourReason: string;
  /** Of JSON Schema: the text of the value. */
  value: string;
}

function jsonDifference(
  name: string,
  sentence: string,
  covers: (difference: Difference, input: JsonInput, reasons: Reasons) => boolean,
): NamedDifference {
  return {
    ...{ name, sentence, format: 'json' },
    covers: (difference, input) => {
      const { values } = input as JsonInput;
      const value = values[Number(difference.question.split(' ')[1])] ?? '';
      return covers(difference, input as JsonInput, { ...reasonsOf(difference), value });
    },
  };
}

function protobufDifference(
  name: string,
  sentence: string,
  covers: (difference: Difference, input: ProtobufInput, reasons: Reasons) => boolean,
): NamedDifference {
  return {
    ...{ name, sentence, format: 'protobuf' },
    covers: (difference, input) =>
      covers(difference, input as ProtobufInput, { ...reasonsOf(difference), value: '' }),
  };
}

function reasonsOf({ question, reasons }: Difference) {
  return {
    javaReason: reasons[`${question}, Java`] ?? '',
    ourReason: reasons[`${question}, this project`] ?? '',
  };
}

/** Java prints a file and parses the print; the text itself has no path in reasons. */
const cannotReadItsPrint = /Syntax error in \S*file\.proto/;

const typesBroughtAlong = Object.values(builtinFiles).flat();

function packageOf(schema: string): string | undefined {
  return /(?:^|[;}\s])package\s+([\w.]+)\s*;/.exec(plainProto(schema))?.[1];
}

/** Java splits full names at the text of the package, so a part of another name is enough. */
function hasMessageOfPackage(schema: string): boolean {
  const parts = packageOf(schema)?.split('.') ?? [];
  const names = [...plainProto(schema).matchAll(/\b(?:message|enum)\W[^{]*?(\w+)[^{\w]*\{/g)].map(
    ([, name]) => name,
  );
  return parts.length > 0 && parts.every((part) => names.some((name) => name?.includes(part)));
}

/** The bodies differ in the message index alone; the values are read as different messages. */
function isOtherIndex({ question, java, ours, reasons }: Difference): boolean {
  if (question === 'printed') return true;
  const isUnknown = /the file has no message/.test(reasons[`${question}, this project`] ?? '');
  if (question.startsWith('body')) return isUnknown || java.slice(2) === ours.slice(2);
  return (
    question.startsWith('value') && (ours === 'refused' || messageOf(java) !== messageOf(ours))
  );
}

/** In a body in base64: how often U+FFFD is in it, and the number of its other bytes. */
function otherBytes(body: string): { replaced: number; others: number } {
  const bytes = Buffer.from(body, 'base64').toString('latin1');
  const replaced = bytes.split('\u00ef\u00bf\u00bd').length - 1;
  return { replaced, others: bytes.length - 3 * replaced };
}

/** The canonical text of a file without the values of quoted defaults. */
function withoutDefaults(schema: string): string {
  return canonicalProtobuf(schema).replace(/\["default","(?:[^"\\]|\\.)*"\]/g, '["default"]');
}

function hasSharedJsonName(schema: string): boolean {
  const names = new Set(
    [...plainProto(schema).matchAll(/(\w+)\s*=\s*\w+/g)].map(([, name = '']) => name),
  );
  const jsonNames = [...names].map((name) =>
    name.replace(/_+(\w?)/g, (_, letter: string) => letter.toUpperCase()),
  );
  return new Set(jsonNames).size < names.size;
}

function messageOf(answer: string): string {
  return answer.slice(0, answer.indexOf(' '));
}

function hasNestedType(schema: string): boolean {
  let depth = 0;
  for (const [sign, keyword] of plainProto(schema).matchAll(
    /[{}]|\b(message|enum)\s+\w+\s*(?=\{)/g,
  )) {
    if (sign === '{') depth += 1;
    else if (sign === '}') depth -= 1;
    else if (keyword !== undefined && depth > 0) return true;
  }
  return false;
}

/** Texts that README says a format takes otherwise than Java. */
const differentTexts = {
  // A name with a top-level domain, or with a character that Unicode 3.2 may not have.
  email: /@.*(?:\.[^.@]+$|[\u{10000}-\u{10FFFF}])/u,
  hostname: /\.[^.]+\.?$|[\u{10000}-\u{10FFFF}]/u,
  // A pattern that is not a plain word.
  regex: /[\\[\](){}*+?^$|.]/,
  'uri-template': /\{\}/,
};
