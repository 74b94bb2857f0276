import type { BranchVerdicts } from './branch-verdicts.ts';
import { isObject, type Keywords } from './each-schema.ts';
import { definitionNameIn, isPart } from './linked-names.ts';

/** The members that keywords apply to; `true` for all. */
export type Evaluated<Key> = ReadonlySet<Key> | true;

/** How the schemas of a linked definition are read. */
export interface EvaluationRules {
  /** Schema that `#` refers to. */
  readonly root: unknown;
  readonly verdicts: BranchVerdicts;
  compilePattern(pattern: string): RegExp;
  /** Called for each reference; throws when there are too many. */
  countReference(): void;
}

/** Set by the linker on a schema of an earlier draft than 2020-12, in which `contains` evaluates no items. */
export const containsOnlyChecks = '$containsOnlyChecks';

/**
 * Collects the members of a valid value that a schema evaluates, but not by its own `unevaluated…`: the annotations of
 * JSON Schema 2020-12, core, sections 10 and 11, and of 2019-09, section 9.3. Branches count as they were recorded when
 * the value was checked.
 */
export function createEvaluation({
  root,
  verdicts,
  compilePattern,
  countReference,
}: EvaluationRules) {
  const expressions = new WeakMap<object, readonly RegExp[]>();

  return {
    propertiesOf(schema: Keywords, value: Keywords): Evaluated<string> {
      const names = new Set<string>();
      return addProperties(schema, value, names, false) || names;
    },
    itemsOf(schema: Keywords, value: readonly unknown[]): Evaluated<number> {
      const indexes = new Set<number>();
      return addItems(schema, value, indexes, false) || indexes;
    },
  };

  /** Whether all are evaluated. */
  function addProperties(
    schema: Keywords,
    value: Keywords,
    names: Set<string>,
    isNested = true,
  ): boolean {
    const { properties, patternProperties } = schema;
    if (schema.additionalProperties !== undefined) return true;
    if (isNested && schema.unevaluatedProperties !== undefined) return true;
    const declared = isObject(properties) ? properties : {};
    const patterns = isObject(patternProperties) ? expressionsOf(patternProperties) : [];
    for (const name of Object.keys(value)) {
      if (Object.hasOwn(declared, name) || patterns.some((one) => one.test(name))) {
        names.add(name);
      }
    }
    return applies(schema, value, (part) => addProperties(part, value, names));
  }

  /** Whether all are evaluated. */
  function addItems(
    schema: Keywords,
    value: readonly unknown[],
    indexes: Set<number>,
    isNested = true,
  ): boolean {
    const { prefixItems, items, additionalItems, contains } = schema;
    if (isNested && schema.unevaluatedItems !== undefined) return true;
    const isTuple = Array.isArray(items);
    if (isTuple ? additionalItems !== undefined : items !== undefined) return true;
    const tuple = isTuple ? items : Array.isArray(prefixItems) ? prefixItems : [];
    for (const index of tuple.keys()) indexes.add(index);
    if (contains !== undefined && !schema[containsOnlyChecks]) {
      for (const index of verdicts.itemsOf(value, schema)) indexes.add(index);
    }
    return applies(schema, value, (part) => addItems(part, value, indexes));
  }

  /** Whether `add` is true for a schema that applies to the same value as this one; stops at the first. */
  function applies(schema: Keywords, value: object, add: (part: Keywords) => boolean): boolean {
    const { $ref, allOf, anyOf, oneOf, dependentSchemas, dependencies } = schema;
    const visit = (part: unknown) => isObject(part) && add(part);
    const visitMatching = (part: unknown) => verdicts.matches(value, part) && visit(part);
    if (typeof $ref === 'string' && visit(targetOf($ref))) return true;
    if (Array.isArray(allOf) && allOf.some(visit)) return true;
    if (Array.isArray(anyOf) && anyOf.some(visitMatching)) return true;
    if (Array.isArray(oneOf) && oneOf.some(visitMatching)) return true;
    if (schema.if !== undefined) {
      const holds = schema.if === true || verdicts.matches(value, schema.if);
      if (holds ? visit(schema.if) || visit(schema.then) : visit(schema.else)) return true;
    }
    return [dependentSchemas, dependencies].some((map) => {
      if (!isObject(map) || Array.isArray(value)) return false;
      return Object.keys(map).some((name) => Object.hasOwn(value, name) && visit(map[name]));
    });
  }

  function expressionsOf(patternProperties: Keywords): readonly RegExp[] {
    const known = expressions.get(patternProperties);
    const compiled = known ?? Object.keys(patternProperties).map(compilePattern);
    expressions.set(patternProperties, compiled);
    return compiled;
  }

  function targetOf(ref: string): unknown {
    if (!isPart(ref)) countReference();
    const name = definitionNameIn(ref);
    return name === undefined ? root : ((root as Keywords).$defs as Keywords)[name];
  }
}
