import { _, type Ajv, Name } from 'ajv';
import { eachSchema, isObject } from './each-schema.ts';
import { wrapKeyword } from './wrap-keyword.ts';

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

/** Corrects two keywords of ajv 8.20.0. */
export function repairKeywords(ajv: Ajv): void {
  // When an array is shorter than its tuple of schemas, ajv skips every later keyword: the verdict of the
  // missing item is undefined, which ajv treats as a fault that was reported already.
  for (const keyword of ['items', 'prefixItems']) {
    wrapKeyword(ajv, keyword, (context) => {
      context.ok = (verdict) => {
        if (!context.allErrors) context.gen.if(_`${verdict} !== false`);
      };
    });
  }
  // ajv treats a name such as `toString`, which every object inherits, as evaluated.
  wrapKeyword(ajv, 'unevaluatedProperties', ({ it, gen }) => {
    if (!(it.props instanceof Name)) return;
    const own = _`Object.assign(Object.create(null), ${it.props})`;
    it.props = gen.var('props', _`${it.props} === true || ${own}`);
  });
}
