import type { DataFormat } from '@order-stream/serde';

const width = 88;
const longLine = 100;

/**
 * A definition on one line, as programs write it, broken into lines for people. Only blanks between tokens change: numbers
 * keep their digits, keys their order, and comments stay. A text that has lines stays as it is.
 */
export function readableText(dataFormat: DataFormat, definition: string): string {
  if (/\n/.test(definition.trim()) || definition.length <= longLine) return definition;
  return layOut(dataFormat, definition);
}

/** Breaks a definition into lines, whatever lines it has. A .proto text that has lines keeps them. */
export function layOut(dataFormat: DataFormat, definition: string): string {
  if (dataFormat !== 'PROTOBUF') return layOutJson(definition);
  return /\n/.test(definition.trim()) ? definition : layOutProto(definition);
}

const jsonToken = /"(?:[^"\\]|\\.)*"|\/\/[^\n]*|\/\*[\s\S]*?\*\/|[[\]{},:]|[^\s[\]{},:"/]+|\S/g;

function layOutJson(text: string): string {
  const tokens = text.match(jsonToken) ?? [];
  const ends = matchingBrackets(tokens);
  const widths = [0];
  for (const token of tokens) widths.push((widths.at(-1) ?? 0) + inlineWidth(token));
  let printed = '';
  let column = 0;
  let depth = 0;
  const add = (part: string) => {
    printed += part;
    column += part.length;
  };
  const newLine = () => {
    printed = `${printed.trimEnd()}\n${'  '.repeat(depth)}`;
    column = 2 * depth;
  };
  for (let index = 0; index < tokens.length; index += 1) {
    const token = tokens[index] as string;
    const end = ends.get(index);
    if (token === ',') {
      add(token);
      newLine();
    } else if (token === ':') add(': ');
    else if (token.startsWith('//')) {
      add(token);
      newLine();
    } else if (token.startsWith('/*')) add(`${token} `);
    else if (end === index + 1) {
      add(`${token}${tokens[end]}`);
      index = end;
    } else if (
      end !== undefined &&
      column + (widths[end + 1] ?? 0) - (widths[index] ?? 0) <= width
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
      newLine();
    } else if (token === '}' || token === ']') {
      depth = Math.max(0, depth - 1);
      newLine();
      add(token);
    } else add(token);
  }
  return printed.trimEnd();
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

function layOutProto(text: string): string {
  let printed = '';
  let depth = 0;
  let brackets = 0;
  const newLine = () => {
    printed = `${printed.trimEnd()}\n${'  '.repeat(depth)}`;
  };
  for (const token of text.trim().match(protoToken) ?? []) {
    if (token === '[') brackets += 1;
    if (token === ']') brackets -= 1;
    if (brackets > 0) printed += token;
    else if (token === '}') {
      depth = Math.max(0, depth - 1);
      newLine();
      printed += token;
      newLine();
    } else if (token === '{') {
      printed += token;
      depth += 1;
      newLine();
    } else if (token === ';') {
      printed += token;
      newLine();
    } else if (!/^\s/.test(token)) printed += token;
    else if (!/[\n ]$/.test(printed)) printed += ' ';
  }
  return printed.replace(/\n\s*;/g, ';').trimEnd();
}
