import { SchemaMismatchError } from '../errors.ts';

const free = 200_000;
const leastPerPart = 10;

/**
 * Limits the work for one value. Branches that refer to the same schema double the work at each level of a
 * value, and ajv keeps an error for each branch: 25 nested brackets would fill the heap.
 *
 * @param refCount number of references in the schema and the documents it refers to
 */
export function createRefBudget(refCount: number) {
  const perPart = Math.max(leastPerPart, 4 * refCount);
  let left = free;

  /** Counts one reference. Throws SchemaMismatchError when there are too many. */
  function follow(): void {
    left -= 1;
    if (left < 0) throw new SchemaMismatchError('', 'value that can be checked in bounded time');
  }

  return {
    follow,
    /** Resets the budget for a value of `partCount` parts. Every reference may apply to each part. */
    begin(partCount: number): void {
      left = free + perPart * partCount;
    },
  };
}
