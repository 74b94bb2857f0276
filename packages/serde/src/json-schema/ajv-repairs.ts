import { _, type Ajv } from 'ajv';
import { eachSchema } from './each-schema.ts';
import { replaceKeyword } from './replace-keyword.ts';

/**
 * The length from which ajv 8.20.0 checks `required` in a loop. A list that has '' must be checked so: its other code does
 * not notice that a property named '' is missing.
 */
export function loopRequiredFor(definition: unknown): number {
  let needsLoop = false;
  eachSchema(definition, ({ required }) => {
    needsLoop ||= Array.isArray(required) && required.includes('');
  });
  return needsLoop ? 1 : 200;
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
