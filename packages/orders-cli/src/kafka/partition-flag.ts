import { wholeNumber } from '@order-stream/command-line';

/** The values of `--partition`. @throws UsageError */
export function partitionNumbers(texts: readonly string[]): number[] {
  return texts.map((text) => wholeNumber('--partition', text, { min: 0, max: 2 ** 31 - 1 }));
}
