import { _, type Ajv } from 'ajv';
import { SchemaMismatchError } from '../errors.ts';
import { wrapKeyword } from './wrap-keyword.ts';

/**
 * Limits the work for one value. Branches that refer to the same schema double the work at each level of a
 * value, and ajv keeps an error for each branch: 25 nested brackets would fill the heap.
 */
export interface RefBudget {
  /** Makes ajv count each reference that it follows. Following too many throws SchemaMismatchError. */
  bound(ajv: Ajv): void;
  /** Resets the budget for a value of `partCount` parts. Every reference may apply to each part. */
  begin(partCount: number): void;
}

const free = 200_000;
const leastPerPart = 10;

/** @param refCount number of references in the schema and the documents it refers to */
export function createRefBudget(refCount: number): RefBudget {
  const perPart = Math.max(leastPerPart, 4 * refCount);
  let left = free;

  function follow(): void {
    left -= 1;
    if (left < 0) throw new SchemaMismatchError('', 'value that can be checked in bounded time');
  }

  return {
    bound(ajv) {
      for (const keyword of ['$ref', '$recursiveRef', '$dynamicRef']) {
        wrapKeyword(ajv, keyword, ({ gen }) => {
          gen.code(_`${gen.scopeValue('func', { ref: follow })}()`);
        });
      }
    },
    begin(partCount) {
      left = free + perPart * partCount;
    },
  };
}
