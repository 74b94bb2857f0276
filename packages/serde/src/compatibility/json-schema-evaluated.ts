import { keywordsOf, type SchemaAt } from './json-schema-at.ts';
import { allOfIn, childOf, refIn, schemasIn } from './json-schema-atoms.ts';
import type { Comparison } from './json-schema-comparison.ts';
import { matches } from './json-schema-patterns.ts';
import { mapOf, requiredOf, schemaDependencies } from './json-schema-required.ts';
import { tupleOf } from './json-schema-tuple.ts';

/** Whether keywords of a schema itself apply to a member, so that `unevaluated…` does not. */
type Evaluates = (at: SchemaAt, isNested: boolean) => boolean;

export function evaluatesProperty(name: string): Evaluates {
  return (at, isNested) => {
    const { properties, patternProperties } = keywordsOf(at);
    return (
      evaluatesEveryProperty(at, isNested) ||
      Object.hasOwn(mapOf(properties), name) ||
      Object.keys(mapOf(patternProperties)).some((pattern) => matches(pattern, name))
    );
  };
}

export function evaluatesEveryProperty(at: SchemaAt, isNested: boolean): boolean {
  const { additionalProperties, unevaluatedProperties } = keywordsOf(at);
  return additionalProperties !== undefined || (isNested && unevaluatedProperties !== undefined);
}

export function evaluatesItem(index: number): Evaluates {
  return (at, isNested) => {
    const { items, additionalItems, unevaluatedItems } = keywordsOf(at);
    const everyOther = Array.isArray(items) ? additionalItems : items;
    return (
      everyOther !== undefined ||
      (isNested && unevaluatedItems !== undefined) ||
      index < tupleOf(at).length
    );
  };
}

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

/** A schema, and every schema that may apply to the same value. */
export function appliedIn(whole: SchemaAt, { resolve }: Comparison): readonly SchemaAt[] {
  const found = new Map<unknown, SchemaAt>();
  add(whole);
  return [...found.values()];

  function add(given: SchemaAt): void {
    const at = resolve(given);
    if (typeof at.schema === 'boolean' || found.has(at.schema)) return;
    found.set(at.schema, at);
    const ref = refIn(at);
    if (ref) add(ref);
    for (const keyword of ['allOf', 'anyOf', 'oneOf']) schemasIn(at, keyword).forEach(add);
    for (const keyword of ['if', 'then', 'else']) {
      if (keywordsOf(at)[keyword] !== undefined) add(childOf(at, keyword));
    }
    for (const [, part] of schemaDependencies(at)) add(part);
  }
}

export function tupleLengthIn(whole: SchemaAt, comparison: Comparison): number {
  return Math.max(0, ...appliedIn(whole, comparison).map((at) => tupleOf(at).length));
}

export function isDynamic(at: SchemaAt): boolean {
  const { $dynamicRef, $recursiveRef } = keywordsOf(at);
  return $dynamicRef !== undefined || $recursiveRef !== undefined;
}
