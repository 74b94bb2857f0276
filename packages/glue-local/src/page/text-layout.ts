import type { DataFormat } from '@order-stream/serde';
import { createPrintedLines } from './printed-lines.ts';

const width = 88;
const longLine = 100;

/**
 * The most characters of a definition that is laid out to be read: six times AWS's limit for a definition. Deep JSON can
 * need hundreds of times as many, because each line is indented by the depth of its values.
 */
export const maxReadable = 1_000_000;

/**
 * A definition on one line, as programs write it, broken into lines for people. Only blanks between tokens change: numbers
 * keep their digits, keys their order, and comments stay. A text that has lines stays as it is, and so does one that would
 * have more than `maxReadable` characters.
 */
export function readableText(dataFormat: DataFormat, definition: string): string {
  if (/\n/.test(definition.trim()) || definition.length <= longLine) return definition;
  return layOut(dataFormat, definition, maxReadable) ?? definition;
}

/**
 * Breaks a definition into lines, whatever lines it has. A .proto text that has lines keeps them.
 * @returns undefined when the text would have more characters than `maxCharacters`
 */
export function layOut(
  dataFormat: DataFormat,
  definition: string,
  maxCharacters: number,
): string | undefined {
  if (dataFormat !== 'PROTOBUF') return layOutJson(definition, maxCharacters);
  return /\n/.test(definition.trim()) ? definition : layOutProto(definition, maxCharacters);
}

const jsonToken = /"(?:[^"\\]|\\.)*"|\/\/[^\n]*|\/\*[\s\S]*?\*\/|[[\]{},:]|[^\s[\]{},:"/]+|\S/g;

function layOutJson(text: string, maxCharacters: number): string | undefined {
  const tokens = text.match(jsonToken) ?? [];
  const ends = matchingBrackets(tokens);
  const widths = [0];
  for (const token of tokens) widths.push((widths.at(-1) ?? 0) + inlineWidth(token));
  const { add, newLine, column, endedLength, text: printed } = createPrintedLines();
  let depth = 0;
  for (let index = 0; index < tokens.length; index += 1) {
    if (endedLength() > maxCharacters) return undefined;
    const token = tokens[index] as string;
    const end = ends.get(index);
    if (token === ',') {
      add(token);
      newLine(depth);
    } else if (token === ':') add(': ');
    else if (token.startsWith('//')) {
      add(token);
      newLine(depth);
    } else if (token.startsWith('/*')) add(`${token} `);
    else if (end === index + 1) {
      add(`${token}${tokens[end]}`);
      index = end;
    } else if (
      end !== undefined &&
      column() + (widths[end + 1] ?? 0) - (widths[index] ?? 0) <= width
    ) {
      add(
        tokens
          .slice(index, end + 1)
          .map(inline)
          .join(''),
      );
      index = end;
    } else if (token === '{' || token === '[') {
      add(token);
      depth += 1;
      newLine(depth);
    } else if (token === '}' || token === ']') {
      depth = Math.max(0, depth - 1);
      newLine(depth);
      add(token);
    } else add(token);
  }
  return unlessLonger(printed(), maxCharacters);
}

/** The index of the closing bracket for that of each opening one. */
function matchingBrackets(tokens: readonly string[]): ReadonlyMap<number, number> {
  const ends = new Map<number, number>();
  const open: number[] = [];
  for (const [index, token] of tokens.entries()) {
    if (token === '{' || token === '[') open.push(index);
    if (token !== '}' && token !== ']') continue;
    const start = open.pop();
    if (start !== undefined) ends.set(start, index);
  }
  return ends;
}

function inline(token: string): string {
  if (token === ',' || token === ':') return `${token} `;
  if (token === '{') return '{ ';
  return token === '}' ? ' }' : token;
}

/** A comment never fits on a line with others. */
function inlineWidth(token: string): number {
  return token.startsWith('/') ? Number.POSITIVE_INFINITY : inline(token).length;
}

const protoToken =
  /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|\/\/[^\n]*|\/\*[\s\S]*?\*\/|[;{}[\]]|\s+|[^\s;{}[\]"'/]+|\S/g;

function layOutProto(text: string, maxCharacters: number): string | undefined {
  const { add, newLine, endsWithBlank, endedLength, text: printed } = createPrintedLines();
  let depth = 0;
  let brackets = 0;
  for (const token of text.trim().match(protoToken) ?? []) {
    if (endedLength() > maxCharacters) return undefined;
    if (token === '[') brackets += 1;
    if (token === ']') brackets -= 1;
    if (brackets > 0) add(token);
    else if (token === '}') {
      depth = Math.max(0, depth - 1);
      newLine(depth);
      add(token);
      newLine(depth);
    } else if (token === '{') {
      add(token);
      depth += 1;
      newLine(depth);
    } else if (token === ';') {
      add(token);
      newLine(depth);
    } else if (!/^\s/.test(token)) add(token);
    else if (!endsWithBlank()) add(' ');
  }
  return unlessLonger(printed().replace(/\n\s*;/g, ';'), maxCharacters);
}

const unlessLonger = (text: string, maxCharacters: number) =>
  text.length > maxCharacters ? undefined : text;
