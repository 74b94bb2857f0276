import fc, { type GeneratorValue } from 'fast-check';
import { anyCharacter } from './any-character.ts';

/** A .proto file, and values of its messages in the Protobuf JSON mapping. */
export interface DrawnProto {
  schema: string;
  /** `message` is the name inside the file: `Outer.Inner`. */
  records: { message: string; value: unknown }[];
}

const scalars = [
  ...['int32', 'sint32', 'sfixed32', 'uint32', 'fixed32'],
  ...['int64', 'sint64', 'sfixed64', 'uint64', 'fixed64'],
  ...['bool', 'string', 'bytes', 'float', 'double'],
];
const keyTypes = ['int32', 'sint64', 'uint64', 'fixed32', 'sfixed64', 'bool', 'string'];
// Names with a meaning in JavaScript or Java, or with a different JSON name.
const names = [
  'order_id',
  // As maps, their entry messages sort differently from the field names.
  '_labels',
  'aQ_r',
  '_zF',
  'b2',
  'camelCase',
  'class',
  'constructor',
  'x_1',
  'to_string',
  'value',
  'a_b_c',
];
const maxDepth = 2;

interface Type {
  /** True for an enum that does not begin with 0, which Java does not allow in a map. */
  startsAboveZero?: boolean;
  /** The name by which any part of the file refers to the type. */
  name: string;
  draw(g: GeneratorValue, depth: number): unknown;
}

interface File {
  syntax: 'proto2' | 'proto3';
  enums: Type[];
  messages: (Type & { path: string })[];
  next: number;
}

export function drawProto(g: GeneratorValue, count: number): DrawnProto {
  const file: File = {
    syntax: g(fc.constantFrom, 'proto2', 'proto3', 'proto3'),
    enums: [],
    messages: [],
    next: 0,
  };
  const declared = [drawEnum(g, file)];
  const messages = g(fc.integer, { min: 1, max: 3 });
  for (let index = 0; index < messages; index += 1) declared.push(drawMessage(g, file, '', 0));
  const shuffled = g(fc.shuffledSubarray, declared, { minLength: declared.length });
  return {
    // Without a package, the Java library takes a map's entry for a top-level message and reads its own records as
    // another message.
    schema: `syntax = "${file.syntax}";\npackage lab.drawn;\n\n${shuffled.join('\n')}\n`,
    records: Array.from({ length: count }, () => {
      const { path, draw } = g(fc.constantFrom, ...file.messages);
      return { message: path, value: draw(g, 0) };
    }),
  };
}

function drawEnum(g: GeneratorValue, file: File): string {
  const name = `Kind${file.next++}`;
  const symbols = ['NONE', 'LOW', 'HIGH'].map((symbol) => `${name.toUpperCase()}_${symbol}`);
  const first = file.syntax === 'proto2' && g(fc.boolean) ? 1 : 0;
  file.enums.push({
    name,
    startsAboveZero: first > 0,
    draw: (g) => g(fc.constantFrom, ...symbols),
  });
  const values = symbols.map((symbol, index) => `  ${symbol} = ${first + index * 100};`);
  return `enum ${name} {\n${values.join('\n')}\n}`;
}

function drawMessage(g: GeneratorValue, file: File, outer: string, depth: number): string {
  const name = `${g(fc.constantFrom, 'Order', 'Apple', 'Zebra')}${file.next++}`;
  const path = outer === '' ? name : `${outer}.${name}`;
  const nested = depth < 2 && g(fc.boolean) ? [drawMessage(g, file, path, depth + 1)] : [];
  const number = fc.oneof(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 18_900 }));
  const count = { minLength: names.length, maxLength: names.length };
  const numbers = g(fc.uniqueArray, number, count);
  const lines: string[] = [];
  /** Each draws the entries of one field or oneof: one, or none if it is absent. */
  const fields: ((g: GeneratorValue, depth: number) => [string, unknown][])[] = [];
  // Pushed before its fields are drawn: a message can contain itself.
  file.messages.push({
    name: path,
    path,
    draw: (g, depth) => Object.fromEntries(fields.flatMap((field) => field(g, depth))),
  });

  const drawn = names.slice(0, g(fc.integer, { min: 0, max: names.length }));
  for (const [index, field] of drawn.entries()) {
    const { line, draw } = drawField(g, file, field, numbers[index] as number);
    lines.push(line);
    fields.push((g, depth) => {
      const value = draw(g, depth);
      return value === undefined ? [] : [[jsonNameOf(field), value]];
    });
  }
  if (g(fc.boolean)) {
    const members = ['first', 'second'].map((member, index) => {
      const type = drawType(g, file);
      return { member, type, number: 19_000 - 10 + index };
    });
    lines.push(
      `oneof choice {\n${members.map(({ member, type, number }) => `    ${type.name} ${member} = ${number};`).join('\n')}\n  }`,
    );
    fields.push((g, depth) => {
      const { member, type } = g(fc.constantFrom, ...members);
      const isSet = g(fc.boolean) && depth < maxDepth;
      return isSet ? [[member, type.draw(g, depth + 1)]] : [];
    });
  }
  return `message ${name} {\n${[...nested, ...lines.map((line) => `  ${line}`)].join('\n')}\n}`;
}

interface DrawnField {
  line: string;
  /** `undefined`: the field is absent. */
  draw(g: GeneratorValue, depth: number): unknown;
}

function drawField(g: GeneratorValue, file: File, name: string, number: number): DrawnField {
  const isProto3 = file.syntax === 'proto3';
  const kind = g(fc.constantFrom, 'one', 'one', 'optional', 'repeated', 'map');
  const type = drawType(g, file);
  if (kind === 'map' && !type.startsAboveZero) {
    const key = g(fc.constantFrom, ...keyTypes);
    return {
      line: `map<${key}, ${type.name}> ${name} = ${number};`,
      draw: (g, depth) =>
        depth >= maxDepth
          ? undefined
          : Object.fromEntries(
              Array.from({ length: g(fc.integer, { min: 0, max: 3 }) }, () => [
                String(drawScalar(g, key)),
                type.draw(g, depth + 1),
              ]),
            ),
    };
  }
  if (kind === 'repeated' || kind === 'map') {
    const packable = type.isNumeric && g(fc.boolean);
    const packed = packable ? ` [packed = ${g(fc.boolean)}]` : '';
    return {
      line: `repeated ${type.name} ${name} = ${number}${packed};`,
      draw: (g, depth) =>
        depth >= maxDepth
          ? undefined
          : Array.from({ length: g(fc.integer, { min: 0, max: 3 }) }, () =>
              type.draw(g, depth + 1),
            ),
    };
  }
  const optional = !isProto3 || (kind === 'optional' && !type.isMessage);
  const label = optional ? 'optional ' : '';
  const required = !isProto3 && !type.isMessage && kind === 'one' && g(fc.boolean);
  return {
    line: `${required ? 'required ' : label}${type.name} ${name} = ${number};`,
    draw: (g, depth) => {
      if (required) return type.draw(g, depth + 1);
      const isSet = g(fc.boolean) && (depth < maxDepth || !type.isMessage);
      return isSet ? type.draw(g, depth + 1) : undefined;
    },
  };
}

function drawType(
  g: GeneratorValue,
  file: File,
): Type & { isMessage: boolean; isNumeric: boolean } {
  const kind = g(fc.integer, { min: 0, max: 9 });
  if (kind === 0)
    return { ...g(fc.constantFrom, ...file.enums), isMessage: false, isNumeric: true };
  if (kind <= 2)
    return { ...g(fc.constantFrom, ...file.messages), isMessage: true, isNumeric: false };
  const name = g(fc.constantFrom, ...scalars);
  const isNumeric = name !== 'string' && name !== 'bytes';
  return { name, draw: (g) => drawScalar(g, name), isMessage: false, isNumeric };
}

const text = () => fc.string({ unit: anyCharacter, maxLength: 8 });

function drawScalar(g: GeneratorValue, type: string): unknown {
  switch (type) {
    case 'bool':
      return g(fc.boolean);
    case 'string':
      return g(text);
    case 'bytes':
      return Buffer.from(g(fc.uint8Array, { maxLength: 8 })).toString('base64');
    case 'float':
      return special(g(fc.float));
    case 'double':
      return special(g(fc.double));
    case 'uint32':
    case 'fixed32':
      return g(unsigned32);
    case 'int32':
    case 'sint32':
    case 'sfixed32':
      return g(signed32);
    case 'uint64':
    case 'fixed64':
      return String(g(unsigned64));
    default:
      return String(g(signed64));
  }
}

const unsigned32 = () => fc.oneof(fc.nat({ max: 300 }), fc.nat({ max: 2 ** 32 - 1 }));
const signed32 = () => fc.oneof(fc.integer({ min: -70, max: 70 }), fc.integer());
const unsigned64 = () => fc.oneof(fc.bigInt(0n, 300n), fc.bigInt(0n, 2n ** 64n - 1n));
const signed64 = () => fc.oneof(fc.bigInt(-70n, 70n), fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n));

/** The number in the Protobuf JSON mapping, without minus zero, which Java does not read. */
function special(value: number): number | string {
  return Number.isFinite(value) ? value + 0 : String(value);
}

function jsonNameOf(name: string): string {
  return name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());
}
