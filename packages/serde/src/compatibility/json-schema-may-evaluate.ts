import { keywordsOf, type SchemaAt } from './json-schema-at.ts';
import { allOfIn, childOf, refIn, schemasIn } from './json-schema-atoms.ts';
import type { Comparison } from './json-schema-comparison.ts';
import { type Evaluates, evaluatesItem, isDynamic } from './json-schema-evaluated.ts';
import { schemaDependencies } from './json-schema-required.ts';

/** Whether a schema may evaluate a member of a value that matches all parts. */
export function mayEvaluate(
  whole: SchemaAt,
  evaluates: Evaluates,
  parts: readonly SchemaAt[],
  { isEmpty, resolve }: Comparison,
): boolean {
  const seen = new Set<unknown>();
  return may(whole, false);

  function may(given: SchemaAt, isNested: boolean): boolean {
    const at = resolve(given);
    const schema = keywordsOf(at);
    if (typeof at.schema === 'boolean' || seen.has(at.schema)) return false;
    seen.add(at.schema);
    if (evaluates(at, isNested) || isDynamic(at)) return true;
    const branches = ['anyOf', 'oneOf'].flatMap((keyword) => schemasIn(at, keyword));
    const conditional = ['if', 'then', 'else']
      .filter((keyword) => schema[keyword] !== undefined)
      .map((keyword) => childOf(at, keyword));
    const ref = refIn(at);
    const certain = [...allOfIn(at), ...(ref ? [ref] : []), ...conditional];
    return (
      certain.some((part) => may(part, true)) ||
      schemaDependencies(at).some(([, part]) => may(part, true)) ||
      branches.some((branch) => may(branch, true) && !isEmpty([branch, ...parts]))
    );
  }
}

export function mayEvaluateItem(
  whole: SchemaAt,
  index: number,
  parts: readonly SchemaAt[],
  comparison: Comparison,
): boolean {
  const own = evaluatesItem(index);
  const evaluates: Evaluates = (at, isNested) =>
    keywordsOf(at).contains !== undefined || own(at, isNested);
  return mayEvaluate(whole, evaluates, parts, comparison);
}
