import { _, type Ajv, type KeywordCxt } from 'ajv';
import { SchemaMismatchError } from '../errors.ts';

/**
 * Bounds the work for one value. Branches that lead back to the same schema double it with each level
 * of a value, and ajv keeps an error for each of them: 25 brackets would fill the heap.
 */
export interface RefBudget {
  /** Makes each reference that is followed count. Throws SchemaMismatchError where there are too many. */
  bound(ajv: Ajv): void;
  /** Begins anew, for a value of so many parts. Each may be checked by every reference of the schema. */
  begin(partCount: number): void;
}

const free = 200_000;
const leastPerPart = 10;

/** @param refCount of the references that stand in the schema and the documents it refers to */
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
        const definition = ajv.getKeyword(keyword);
        if (typeof definition !== 'object' || !('code' in definition)) continue;
        ajv.removeKeyword(keyword);
        ajv.addKeyword({
          ...definition,
          code(context: KeywordCxt, rule?: string) {
            const { gen } = context;
            gen.code(_`${gen.scopeValue('func', { ref: follow })}()`);
            definition.code(context, rule);
          },
        });
      }
    },
    begin(partCount) {
      left = free + perPart * partCount;
    },
  };
}
