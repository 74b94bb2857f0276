import { keywordsOf, type SchemaAt } from './json-schema-at.ts';
import { childOf, refIn, schemasIn } from './json-schema-atoms.ts';
import type { Comparison } from './json-schema-comparison.ts';
import { mapOf, patternsIn, schemaDependencies } from './json-schema-required.ts';
import { tupleOf } from './json-schema-tuple.ts';

/** Whether keywords of a schema itself apply to a member, so that `unevaluated…` does not. */
export type Evaluates = (at: SchemaAt, isNested: boolean) => boolean;

export function evaluatesProperty(name: string, { matches }: Comparison): Evaluates {
  return (at, isNested) => {
    const { properties, patternProperties } = keywordsOf(at);
    return (
      evaluatesEveryProperty(at, isNested) ||
      Object.hasOwn(mapOf(properties), name) ||
      patternsIn(patternProperties).some((pattern) => matches(pattern, name))
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
