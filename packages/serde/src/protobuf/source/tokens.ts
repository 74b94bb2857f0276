import { InvalidSchemaError } from '../../errors.ts';

/** A token of a .proto file. `text` of a string is its value without quotes and escapes. */
export interface Token {
  readonly kind: 'word' | 'number' | 'string' | 'symbol' | 'end';
  readonly text: string;
  readonly line: number;
  /** UTF-16 offsets of the token in the file, quotes included. */
  readonly start: number;
  readonly end: number;
}

const blank = /[ \t\r\n\v\f]/;
const word = /[A-Za-z_][A-Za-z_0-9]*/y;
const number = /0[xX][0-9a-fA-F]+|(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?/y;
// Any punctuation of ASCII, as in protoc: comments of the text format in an option contain it.
const symbol = /[!-/:-@[-`{-~]/;

/**
 * Splits the text of a .proto file into tokens, as protoc does: comments may stand between any two tokens, also
 * without a space.
 *
 * @throws InvalidSchemaError with the line
 */
export function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  let line = 1;
  // A byte order mark is not part of the text.
  let at = text.startsWith('\uFEFF') ? 1 : 0;

  while (at < text.length) {
    const start = at;
    const char = text.charAt(at);
    if (blank.test(char)) {
      at += 1;
    } else if (text.startsWith('//', at)) {
      const end = text.indexOf('\n', at);
      at = end < 0 ? text.length : end;
    } else if (text.startsWith('/*', at)) {
      const end = text.indexOf('*/', at + 2);
      if (end < 0) reject('the comment has no end');
      at = end + 2;
    } else if (char === '"' || char === "'") {
      at = endOfString(char);
      const written = text.slice(start + 1, at - 1);
      if (written.includes('\n') && !isDefault()) reject('a string must end on its line');
      if (!validString.test(written)) reject('a string has an invalid escape sequence');
      add('string', withoutEscapes(written), start);
    } else if (match(word)) {
      add('word', text.slice(start, at), start);
    } else if (match(number)) {
      if (match(word)) reject('expected a space between a number and a name');
      rejectNumber(text.slice(start, at), text.charAt(at));
      add('number', text.slice(start, at), start);
    } else if (symbol.test(char)) {
      at += 1;
      add('symbol', char, start);
    } else {
      reject(`unexpected character ${JSON.stringify(char)}`);
    }
    for (let next = start; next < at; next += 1) if (text.charCodeAt(next) === 10) line += 1;
  }
  add('end', 'the end of the file', at);
  return tokens;

  function match(pattern: RegExp): boolean {
    pattern.lastIndex = at;
    if (!pattern.test(text)) return false;
    at = pattern.lastIndex;
    return true;
  }

  function rejectNumber(written: string, next: string): void {
    if (/^0[0-9]/.test(written) && !/^0[0-7]+$/.test(written)) reject('invalid octal number');
    if (next === '.') reject('a number has two points');
  }

  /** The Java libraries register a default with `\n` as a string of two lines, and read that again. protoc refuses it. */
  function isDefault(): boolean {
    return tokens.at(-1)?.text === '=' && tokens.at(-2)?.text === 'default';
  }

  function endOfString(quote: string): number {
    for (let next = at + 1; next < text.length; next += 1) {
      const char = text.charAt(next);
      if (char === quote) return next + 1;
      if (char === '\\') next += 1;
    }
    reject('the string has no end');
  }

  function add(kind: Token['kind'], text: string, start: number): void {
    if (kind === 'word' && text === '__proto__') reject('the name __proto__ is not supported');
    tokens.push({ kind, text, line, start, end: at });
  }

  function reject(reason: string): never {
    throw new InvalidSchemaError(`line ${line}: ${reason}`);
  }
}

const validString =
  /^(?:[^\\]|\\(?:[abfnrtv\\?'"0-7]|[xX][0-9a-fA-F]|u[0-9a-fA-F]{4}|U00[01][0-9a-fA-F]{5}))*$/;
const escapes =
  /\\(?:([0-7]{1,3})|[xX]([0-9a-fA-F]{1,2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([\s\S]))/g;
const named: Record<string, string> = {
  ...{ a: '\x07', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' },
};

/** Bytes that are written as octal or hexadecimal escapes become one character each. */
function withoutEscapes(text: string): string {
  if (!text.includes('\\')) return text;
  return text.replace(escapes, (_, octal, hex, short, long, char) => {
    if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8) & 255);
    if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16));
    const point = short ?? long;
    if (point === undefined) return named[char] ?? char;
    const code = Number.parseInt(point, 16);
    return code <= 0x10_ffff ? String.fromCodePoint(code) : '\uFFFD';
  });
}
