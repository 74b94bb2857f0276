import type { Draft } from '../json-schema/drafts.ts';
import { isObject } from '../json-schema/each-schema.ts';
import { isMatchOf } from './match-json-limits.ts';

type Schema = Record<string, unknown>;

interface Outcome {
  valid: boolean;
  /** Names of properties, or indexes of items, that a keyword of the schema applied to. */
  evaluated: Set<string>;
}

/**
 * Whether a value matches a small schema of draft 2019-09 or 2020-12, by the rules for annotations: JSON Schema core,
 * section 7.7.1. References are `#/definitions/…`; formats are not checked.
 */
export function evaluateJsonSchema(root: Schema, draft: Draft, value: unknown): boolean {
  return evaluate(root, value).valid;

  function evaluate(schema: unknown, value: unknown): Outcome {
    const evaluated = new Set<string>();
    if (typeof schema === 'boolean') return { valid: schema, evaluated };
    const keywords = schema as Schema;
    let valid = isMatchOf(keywords, value);
    require(applyInPlace(keywords, value));
    if (Array.isArray(value)) applyToItems(keywords, value);
    else if (isObject(value)) applyToProperties(keywords, value);
    // Annotations of a schema that fails are dropped.
    return { valid, evaluated: valid ? evaluated : new Set() };

    function require(outcomes: readonly (Outcome | boolean)[]): void {
      for (const outcome of outcomes) {
        if (typeof outcome === 'boolean') valid &&= outcome;
        else {
          valid &&= outcome.valid;
          for (const key of outcome.evaluated) evaluated.add(key);
        }
      }
    }

    function applyTo(part: unknown, key: string, member: unknown): void {
      valid &&= evaluate(part, member).valid;
      evaluated.add(key);
    }

    function applyToItems(schema: Schema, items: readonly unknown[]): void {
      const { contains, minContains = 1, maxContains = Number.POSITIVE_INFINITY } = schema;
      const isTuple = draft === '2020-12' || Array.isArray(schema.items);
      const tuple = ((draft === '2020-12' ? schema.prefixItems : schema.items) ?? []) as unknown[];
      const others = draft === '2020-12' || !isTuple ? schema.items : schema.additionalItems;
      for (const [index, item] of items.entries()) {
        if (isTuple && index < tuple.length) applyTo(tuple[index], `${index}`, item);
        else if (others !== undefined) applyTo(others, `${index}`, item);
      }
      if (contains !== undefined) {
        const found = [...items.keys()].filter((index) => evaluate(contains, items[index]).valid);
        valid &&= found.length >= Number(minContains) && found.length <= Number(maxContains);
        if (draft === '2020-12') for (const index of found) evaluated.add(`${index}`);
      }
      const { unevaluatedItems } = schema;
      if (unevaluatedItems === undefined) return;
      for (const [index, item] of items.entries()) {
        if (!evaluated.has(`${index}`)) applyTo(unevaluatedItems, `${index}`, item);
      }
    }

    function applyToProperties(schema: Schema, object: Schema): void {
      const { additionalProperties, unevaluatedProperties, propertyNames } = schema;
      const properties = (schema.properties ?? {}) as Schema;
      const patterns = Object.entries((schema.patternProperties ?? {}) as Schema);
      for (const [name, member] of Object.entries(object)) {
        if (propertyNames !== undefined) valid &&= evaluate(propertyNames, name).valid;
        const parts = patterns.filter(([pattern]) => new RegExp(pattern, 'u').test(name));
        const applied = parts.map(([, part]) => part);
        if (Object.hasOwn(properties, name)) applied.push(properties[name]);
        if (applied.length === 0 && additionalProperties !== undefined) {
          applied.push(additionalProperties);
        }
        for (const part of applied) applyTo(part, name, member);
      }
      if (unevaluatedProperties === undefined) return;
      for (const [name, member] of Object.entries(object)) {
        if (!evaluated.has(name)) applyTo(unevaluatedProperties, name, member);
      }
    }
  }

  /** The outcomes of the schemas that apply to the same value, and verdicts without members. */
  function applyInPlace(schema: Schema, value: unknown): (Outcome | boolean)[] {
    const outcomesOf = (list: unknown) =>
      ((list ?? []) as unknown[]).map((part) => evaluate(part, value));
    const outcomes: (Outcome | boolean)[] = outcomesOf(schema.allOf);
    const { $ref, not } = schema;
    if (typeof $ref === 'string') {
      const name = $ref.replace('#/definitions/', '');
      outcomes.push(evaluate((root.definitions as Schema)[name], value));
    }
    if (not !== undefined) outcomes.push(!evaluate(not, value).valid);
    for (const keyword of ['anyOf', 'oneOf']) {
      if (schema[keyword] === undefined) continue;
      const matching = outcomesOf(schema[keyword]).filter(({ valid }) => valid);
      outcomes.push(keyword === 'anyOf' ? matching.length > 0 : matching.length === 1, ...matching);
    }
    if (schema.if !== undefined) {
      const condition = evaluate(schema.if, value);
      const clause = condition.valid ? schema.then : schema.else;
      if (condition.valid) outcomes.push(condition);
      if (clause !== undefined) outcomes.push(evaluate(clause, value));
    }
    if (!isObject(value)) return outcomes;
    for (const keyword of ['dependentSchemas', 'dependencies', 'dependentRequired']) {
      for (const [name, part] of Object.entries((schema[keyword] ?? {}) as Schema)) {
        if (!Object.hasOwn(value, name)) continue;
        if (!Array.isArray(part)) outcomes.push(evaluate(part, value));
        else outcomes.push(part.every((needed) => Object.hasOwn(value, needed)));
      }
    }
    return outcomes;
  }
}
