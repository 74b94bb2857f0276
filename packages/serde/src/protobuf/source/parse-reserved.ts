import type { TokenReader } from './token-reader.ts';

export const maxNumber = 2 ** 29 - 1;

/** `reserved 1, 5 to 9;` or `reserved "name", "other";`, added to `reserved`. */
export function parseReserved(
  tokens: TokenReader,
  reserved: {
    readonly ranges: readonly (readonly [number, number])[];
    readonly names: readonly string[];
  },
  max: number,
): void {
  tokens.expect('reserved');
  const { ranges, names } = reserved as { ranges: [number, number][]; names: string[] };
  if (tokens.peek().kind !== 'string') ranges.push(...parseRanges(tokens, max));
  else {
    do names.push(tokens.string());
    while (tokens.take(','));
  }
  tokens.expect(';');
}

/** Inclusive ranges: `1, 5 to 9, 12 to max`. */
export function parseRanges(tokens: TokenReader, max: number): [number, number][] {
  const ranges: [number, number][] = [];
  do {
    const first = tokens.signedInteger();
    const last = !tokens.take('to') ? first : tokens.take('max') ? max : tokens.signedInteger();
    ranges.push([first, last]);
  } while (tokens.take(','));
  return ranges;
}
