/** How a language separates the elements of a list. */
export interface Grammar {
  tokens: RegExp;
  /** Ends an element and belongs to it. */
  ends: readonly string[];
  /** True if a closing brace ends an element as well. */
  braceEnds: boolean;
}

export const jsonGrammar: Grammar = {
  tokens:
    /"(?:[^"\\]|\\[\s\S])*"|\/\/[^\n]*\n?|\/\*[\s\S]*?\*\/|\s+|[{}[\],:]|[^\s{}[\],:"/]+|[\s\S]/gu,
  ends: [','],
  braceEnds: false,
};

export const protoGrammar: Grammar = {
  tokens:
    /"(?:[^"\\\n]|\\[\s\S])*"|'(?:[^'\\\n]|\\[\s\S])*'|\/\/[^\n]*\n?|\/\*[\s\S]*?\*\/|\s+|[\w.$]+|[\s\S]/gu,
  ends: [';', ','],
  braceEnds: true,
};

const opening = '{[(<';
const closing = '}])>';

/**
 * Smaller texts: without an element, with a group in place of the one around it, without comments and white space, without
 * one token. Many of them are not valid in their language; whoever tries them finds out.
 */
export function* smallerTexts(text: string, grammar: Grammar): Generator<string> {
  const tokens = text.match(grammar.tokens) ?? [];
  const withoutNotes = tokens.filter((token) => !isNote(token)).join('');
  if (withoutNotes !== text) yield withoutNotes;
  const closes = matching(tokens);
  // From the largest to the smallest.
  const elements = elementsOf(tokens, closes, grammar).sort(
    (left, right) => right[1] - right[0] - (left[1] - left[0]),
  );
  for (const [from, to] of elements) yield without(tokens, from, to);
  for (const [open, close] of closes) {
    if (tokens[open] === '<') continue;
    for (const [inner, end] of closes)
      if (inner > open && end < close && tokens[inner] === tokens[open])
        yield [
          ...tokens.slice(0, open),
          ...tokens.slice(inner, end + 1),
          ...tokens.slice(close + 1),
        ].join('');
  }
  if (grammar.braceEnds)
    for (const [open, close] of closes)
      if (tokens[open] === '{') {
        // The elements of a group in place of the group with its heading.
        const from = headOf(tokens, open);
        yield [
          ...tokens.slice(0, from),
          ...tokens.slice(open + 1, close),
          ...tokens.slice(close + 1),
        ].join('');
      }
  for (let index = 0; index < tokens.length; index += 1) yield without(tokens, index, index + 1);
  for (const [index, token] of tokens.entries())
    if (/^"[^"]{2,}"$/.test(token)) yield replaced(tokens, index, '"a"');
}

function isNote(token: string): boolean {
  return token.startsWith('//') || token.startsWith('/*');
}

function headOf(tokens: readonly string[], open: number): number {
  let from = open;
  while (from > 0 && !/^[;{}]$/.test(tokens[from - 1] as string)) from -= 1;
  return from;
}

/** The index of the token that closes each opening one. */
function matching(tokens: readonly string[]): Map<number, number> {
  const closes = new Map<number, number>();
  const open: number[] = [];
  for (const [index, token] of tokens.entries()) {
    if (token.length !== 1) continue;
    if (opening.includes(token)) open.push(index);
    const kind = closing.indexOf(token);
    if (kind < 0) continue;
    const last = open.at(-1);
    if (last === undefined || tokens[last] !== opening[kind]) continue;
    open.pop();
    closes.set(last, index);
  }
  return closes;
}

function elementsOf(
  tokens: readonly string[],
  closes: ReadonlyMap<number, number>,
  { ends, braceEnds }: Grammar,
): [number, number][] {
  const found: [number, number][] = [];
  const collect = (from: number, to: number) => {
    let start = from;
    for (let index = from; index < to; index += 1) {
      const close = closes.get(index);
      if (close !== undefined) {
        collect(index + 1, close);
        const isBlock = braceEnds && tokens[index] === '{';
        index = close;
        if (!isBlock) continue;
      } else if (!ends.includes(tokens[index] as string)) continue;
      found.push([start, index + 1]);
      start = index + 1;
    }
    if (start < to) {
      // The last element of a list takes the separator before it along.
      const before = start > from && !braceEnds ? start - 1 : start;
      found.push([before, to]);
    }
  };
  collect(0, tokens.length);
  return found;
}

function without(tokens: readonly string[], from: number, to: number): string {
  return [...tokens.slice(0, from), ...tokens.slice(to)].join('');
}

function replaced(tokens: readonly string[], index: number, token: string): string {
  return tokens.with(index, token).join('');
}
