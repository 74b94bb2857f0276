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

/** An object or array whose end has not been read. */
interface Container {
  readonly json: Map<string, Json> | Json[];
  readonly close: string;
  readonly part: TextPart | undefined;
  /** Of the member that is being read, and where its text begins. */
  key: string;
  start: number;
}
const closing = { '{': '}', '[': ']' } as const;

function addItem({ json, key, start }: Container, value: Json, part: TextPart | undefined): void {
  if (!(json instanceof Map)) {
    json.push(value);
    return;
  }
  json.set(key, value);
  if (part) part.start = start;
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

  /** Reads what comes before the value of the next item, and adds the item's place. */
  function beginItem(container: Container): TextPart | undefined {
    if (!(container.json instanceof Map))
      return addPart(container.part, `${container.json.length}`);
    match(blank);
    container.start = at;
    container.key = readString();
    const part = addPart(container.part, container.key);
    if (punctuation() !== ':') fail("expected ':'");
    at += 1;
    return part;
  }

  function addPart(within: TextPart | undefined, key: string): TextPart | undefined {
    if (within === undefined) return undefined;
    within.parts ??= new Map();
    const part = { start: at, end: at };
    within.parts.set(key, part);
    return part;
  }

  function readScalar(first: string): Json {
    if (first === '"') return readString();
    const word = match(wordToken);
    if (word !== undefined) return JSON.parse(word) as boolean | null;
    const number = match(numberToken);
    if (number === undefined) fail('expected a JSON value');
    return { number };
  }

  // A loop, because the deepest text would need most of the stack of a process.
  function readValue(): Json {
    const open: Container[] = [];
    let part = whole;
    for (;;) {
      if (open.length > maxDepth) fail(`nesting beyond ${maxDepth} levels`);
      const first = punctuation();
      if (part) part.start = at;
      let value: Json;
      if (first === '{' || first === '[') {
        const json = first === '{' ? new Map<string, Json>() : [];
        at += 1;
        if (punctuation() !== closing[first]) {
          const container = { json, close: closing[first], part, key: '', start: at };
          open.push(container);
          part = beginItem(container);
          continue;
        }
        at += 1;
        value = json;
      } else value = readScalar(first);

      for (let isLast = true; isLast; ) {
        if (part) part.end = at;
        const container = open.at(-1);
        if (!container) return value;
        addItem(container, value, part);
        isLast = punctuation() !== ',';
        if (isLast && text[at] !== container.close) fail(`expected ',' or '${container.close}'`);
        at += 1;
        if (isLast) {
          open.pop();
          value = container.json;
        }
        part = isLast ? container.part : beginItem(container);
      }
    }
  }

  const value = readValue();
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
