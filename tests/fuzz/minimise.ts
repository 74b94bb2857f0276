import type { ForeignProcess } from '../conformance/foreign-process.ts';
import { type Difference, differencesOf, kindOf } from './difference.ts';
import type { FuzzFormat } from './fuzz-format.ts';

const maxTries = 3_000;

/** Removes parts of the input for as long as a difference of the same kind remains. */
export async function minimise<Input>(
  format: FuzzFormat<Input>,
  java: ForeignProcess,
  input: Input,
  difference: Difference,
  keep: (difference: Difference, input: Input) => boolean,
): Promise<{ input: Input; difference: Difference }> {
  const kind = kindOf(difference);
  let smallest = { input, difference };
  let tries = 0;
  for (let found = true; found && tries < maxTries; ) {
    found = false;
    for (const smaller of format.shrink(smallest.input)) {
      tries += 1;
      if (tries > maxTries) break;
      const same = differencesOf(await format.compare(smaller, java)).find(
        (one) => kindOf(one) === kind && keep(one, smaller),
      );
      if (same === undefined) continue;
      smallest = { input: smaller, difference: same };
      found = true;
      break;
    }
  }
  return smallest;
}
