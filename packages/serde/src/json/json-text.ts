/**
 * Reads JSON as Avro Java does: comments are allowed and the last value of a repeated key wins.
 * A number keeps its text, because `1`, `1.0` and 2^63 - 1 are different defaults.
 */

/** A number by its text. */
export interface JsonNumber {
  readonly number: string;
}
/** The members of an object, in the order of the text. */
export type JsonObject = ReadonlyMap<string, Json>;
/** A JSON value that keeps what `JSON.parse` loses: the text of numbers. */
export type Json = JsonObject | readonly Json[] | string | JsonNumber | boolean | null;

/** The text is not JSON. `offset` counts UTF-16 units from the start. */
export class JsonTextError extends Error {
  readonly code = 'invalid-json';
  readonly retryable = false;
  readonly offset: number;

  constructor(problem: string, offset: number) {
    super(`${problem} at offset ${offset}`);
    this.name = 'JsonTextError';
    this.offset = offset;
  }
}

// Jackson's limit. It also protects every later recursive walk from a stack overflow.
const maxDepth = 1000;

const space = /[ \t\r\n]*/y;
const blank =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: Jackson allows only tabs and line ends of these in a comment
  /(?:[ \t\r\n]+|\/\/[^\0-\x08\n-\x1f]*|\/\*[^*\0-\x08\v\f\x0e-\x1f]*\*+(?:[^*/\0-\x08\v\f\x0e-\x1f][^*\0-\x08\v\f\x0e-\x1f]*\*+)*\/)*/y;
const numberToken = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON forbids exactly these in a string
const stringToken = /"(?:[^"\\\u0000-\u001f]+|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const wordToken = /true|false|null/y;

/** Where a value is in its text: UTF-16 offsets. */
export interface TextPart {
  /** A member begins with its key. */
  start: number;
  end: number;
  /** By key, and by index in an array. */
  parts?: Map<string, TextPart>;
}

/**
 * @param whole is filled with the places of the value and of all values in it
 * @throws JsonTextError when the text is not one JSON value
 */
export function readJson(text: string, whole?: TextPart): Json {
  let at = 0;

  function match(token: RegExp): string | undefined {
    token.lastIndex = at;
    const found = token.exec(text)?.[0];
    if (found !== undefined) at += found.length;
    return found;
  }

  function punctuation(): string {
    match(blank);
    return text[at] ?? '';
  }

  function fail(problem: string): never {
    throw new JsonTextError(at >= text.length ? 'unexpected end of text' : problem, at);
  }

  function readString(): string {
    const token = match(stringToken);
    if (token === undefined) fail('expected a string');
    return JSON.parse(token) as string;
  }

  /** Reads the items between two brackets. */
  function readList(close: '}' | ']', readItem: () => void): void {
    at += 1;
    if (punctuation() !== close) {
      readItem();
      while (punctuation() === ',') {
        at += 1;
        readItem();
      }
      if (text[at] !== close) fail(`expected ',' or '${close}'`);
    }
    at += 1;
  }

  function addPart(within: TextPart | undefined, key: string): TextPart | undefined {
    if (within === undefined) return undefined;
    within.parts ??= new Map();
    const part = { start: at, end: at };
    within.parts.set(key, part);
    return part;
  }

  function readMembers(depth: number, within: TextPart | undefined): JsonObject {
    const members = new Map<string, Json>();
    readList('}', () => {
      match(blank);
      const start = at;
      const key = readString();
      const part = addPart(within, key);
      if (punctuation() !== ':') fail("expected ':'");
      at += 1;
      members.set(key, readValue(depth, part));
      if (part) part.start = start;
    });
    return members;
  }

  function readElements(depth: number, within: TextPart | undefined): Json[] {
    const elements: Json[] = [];
    readList(']', () => elements.push(readValue(depth, addPart(within, String(elements.length)))));
    return elements;
  }

  function readValue(depth: number, part?: TextPart): Json {
    if (part === undefined) return readAny(depth);
    punctuation();
    part.start = at;
    const value = readAny(depth, part);
    part.end = at;
    return value;
  }

  function readAny(depth: number, part?: TextPart): Json {
    if (depth > maxDepth) fail(`nesting beyond ${maxDepth} levels`);
    const first = punctuation();
    if (first === '{') return readMembers(depth + 1, part);
    if (first === '[') return readElements(depth + 1, part);
    if (first === '"') return readString();
    const word = match(wordToken);
    if (word !== undefined) return JSON.parse(word) as boolean | null;
    const number = match(numberToken);
    if (number === undefined) fail('expected a JSON value');
    return { number };
  }

  const value = readValue(0, whole);
  // Avro Java rejects a comment after the value.
  match(space);
  if (at < text.length) fail('unexpected text after the end');
  return value;
}

export function isJsonObject(value: Json | undefined): value is JsonObject {
  return value instanceof Map;
}

export function isJsonArray(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

export function isJsonNumber(value: Json | undefined): value is JsonNumber {
  return typeof value === 'object' && value !== null && 'number' in value;
}

/** The text of what `readJson` returned. Numbers keep their digits. */
export function printJson(value: Json): string {
  if (isJsonNumber(value)) return value.number;
  if (isJsonArray(value)) return `[${value.map(printJson).join()}]`;
  if (!isJsonObject(value)) return JSON.stringify(value);
  return `{${[...value].map(([key, member]) => `${JSON.stringify(key)}:${printJson(member)}`).join()}}`;
}
