import { keywordsOf, type SchemaAt } from './json-schema-at.ts';
import { allOfIn, childOf, refIn, schemasIn } from './json-schema-atoms.ts';
import type { Comparison } from './json-schema-comparison.ts';
import type { Evaluates } from './json-schema-evaluated.ts';
import { requiredOf, schemaDependencies } from './json-schema-required.ts';

/** Whether a schema evaluates a member of every value that matches all parts. */
export function surelyEvaluates(
  whole: SchemaAt,
  evaluates: Evaluates,
  parts: readonly SchemaAt[],
  comparison: Comparison,
): boolean {
  const { compare, isEmpty, resolve } = comparison;
  const seen = new Set<unknown>();
  return surely(whole, false);

  function surely(given: SchemaAt, isNested: boolean): boolean {
    const at = resolve(given);
    const { if: condition } = keywordsOf(at);
    if (typeof at.schema === 'boolean' || seen.has(at.schema)) return false;
    seen.add(at.schema);
    const found =
      evaluates(at, isNested) ||
      certain(at).some((part) => surely(part, true)) ||
      byBranch(schemasIn(at, 'anyOf')) ||
      byBranch(schemasIn(at, 'oneOf')) ||
      (condition !== undefined && byCondition(at));
    seen.delete(at.schema);
    return found;
  }

  function certain(at: SchemaAt): SchemaAt[] {
    const ref = refIn(at);
    const required = requiredOf(parts);
    const dependent = schemaDependencies(at).filter(([name]) => required.has(name));
    return [...allOfIn(at), ...(ref ? [ref] : []), ...dependent.map(([, schema]) => schema)];
  }

  function byBranch(branches: readonly SchemaAt[]): boolean {
    if (branches.length === 0) return false;
    const able = branches.filter((branch) => surely(branch, true));
    return (
      able.length === branches.length ||
      able.some((branch) => compare(branch, parts).length === 0) ||
      (able.length > 0 &&
        branches.every((branch) => able.includes(branch) || isEmpty([branch, ...parts])))
    );
  }

  function byCondition(at: SchemaAt): boolean {
    const branches = ['then', 'else'].map(
      (keyword) => keywordsOf(at)[keyword] !== undefined && surely(childOf(at, keyword), true),
    );
    const condition = childOf(at, 'if');
    if (branches[0] && branches[1]) return true;
    if (branches[0]) return compare(condition, parts).length === 0;
    return branches[1] === true && isEmpty([condition, ...parts]);
  }
}
