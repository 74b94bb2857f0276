import { isMessageSet, maxMessageSetNumber } from './message-set.ts';
import type { MessageSource } from './source-file.ts';
import type { TokenReader } from './token-reader.ts';

export const maxNumber = 2 ** 29 - 1;

/** `reserved 1, 5 to 9;` or `reserved "name", "other";`, added to `reserved`. Numbers of enums may be negative. */
export function parseReserved(
  tokens: TokenReader,
  reserved: {
    readonly ranges: readonly (readonly [number, number])[];
    readonly names: readonly string[];
  },
  around: 'message' | 'enum',
): void {
  tokens.expect('reserved');
  const { ranges, names } = reserved as { ranges: [number, number][]; names: string[] };
  if (tokens.peek().kind !== 'string') ranges.push(...parseRanges(tokens, around));
  else {
    do names.push(tokens.string());
    while (tokens.take(','));
  }
  tokens.expect(';');
}

/** Inclusive ranges: `1, 5 to 9, 12 to max`. In a message `max` is Infinity until `setMax`. */
export function parseRanges(tokens: TokenReader, around: 'message' | 'enum'): [number, number][] {
  const ranges: [number, number][] = [];
  const max = around === 'enum' ? 2 ** 31 - 1 : Infinity;
  const number = () => (around === 'enum' ? tokens.signedInteger() : tokens.integer(2 ** 31 - 2));
  do {
    const first = number();
    const last = !tokens.take('to') ? first : tokens.take('max') ? max : number();
    ranges.push([first, last]);
  } while (tokens.take(','));
  return ranges;
}

/** Sets the numbers that `max` stands for in a message that was read completely: its options may follow the ranges. */
export function setMax(message: Pick<MessageSource, 'reserved' | 'extensionRanges' | 'options'>) {
  const max = isMessageSet(message) ? maxMessageSetNumber : maxNumber;
  const ranges = [...message.reserved.ranges, ...message.extensionRanges] as [number, number][];
  for (const range of ranges) if (range[1] === Infinity) range[1] = max;
}
