import { _, type Ajv } from 'ajv';
import { eachSchema, isObject } from './each-schema.ts';
import { replaceKeyword } from './replace-keyword.ts';

/** Whether ajv 8.20.0 needs `allErrors`: without it ajv does not notice that a property named '' is missing. */
export function needsAllErrors(definition: unknown): boolean {
  let needs = false;
  eachSchema(definition, ({ required, dependencies, dependentRequired }) => {
    const lists = [required, ...[dependencies, dependentRequired].flatMap(valuesOf)];
    needs ||= lists.some((list) => Array.isArray(list) && list.includes(''));
  });
  return needs;
}

function valuesOf(map: unknown): unknown[] {
  return isObject(map) ? Object.values(map) : [];
}

/** Corrects the tuples of ajv 8.20.0. */
export function repairTuples(ajv: Ajv): void {
  // When an array is shorter than its tuple of schemas, ajv skips every later keyword: the verdict of the
  // missing item is undefined, which ajv treats as a fault that was reported already.
  for (const keyword of ['items', 'prefixItems']) {
    replaceKeyword(ajv, keyword, (context, generateOriginal) => {
      context.ok = (verdict) => {
        if (!context.allErrors) context.gen.if(_`${verdict} !== false`);
      };
      generateOriginal();
    });
  }
}
