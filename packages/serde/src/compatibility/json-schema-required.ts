import { isObject } from '../json-schema/each-schema.ts';
import { type Keywords, keywordsOf, type SchemaAt } from './json-schema-at.ts';
import { below } from './path.ts';

const noNames: readonly string[] = [];

/** The properties that every object has that matches all parts, with those that others depend on. */
export function requiredOf(parts: readonly SchemaAt[]): ReadonlySet<string> {
  const required = new Set(parts.flatMap((at) => listOf(keywordsOf(at).required)));
  const dependencies = parts.flatMap(nameDependencies);
  for (let size = -1; size !== required.size; ) {
    size = required.size;
    for (const [trigger, names] of dependencies) {
      if (required.has(trigger)) for (const name of names) required.add(name);
    }
  }
  return required;
}

/** A property and those that an object with it must have. */
export function nameDependencies(at: SchemaAt): (readonly [string, readonly string[]])[] {
  const { dependencies, dependentRequired } = keywordsOf(at);
  return [...entriesOf(dependencies), ...entriesOf(dependentRequired)]
    .filter(([, names]) => Array.isArray(names))
    .map(([trigger, names]) => [trigger, listOf(names)]);
}

/** A property and the schema that an object with it must match. */
export function schemaDependencies(at: SchemaAt): (readonly [string, SchemaAt])[] {
  const schema = keywordsOf(at);
  return ['dependencies', 'dependentSchemas'].flatMap((keyword) =>
    entriesOf(schema[keyword])
      .filter(([, part]) => !Array.isArray(part))
      .map(
        ([name, part]) =>
          [name, { ...at, schema: part, path: below(at.path, keyword, name) }] as const,
      ),
  );
}

export function entriesOf(map: unknown): [string, unknown][] {
  return Object.entries(mapOf(map));
}

const patterns = new WeakMap<object, readonly string[]>();

/** The patterns of a `patternProperties`. They are listed once, because each is tried with many names. */
export function patternsIn(patternProperties: unknown): readonly string[] {
  // Most schemas have none, and are asked for each name too.
  if (!isObject(patternProperties)) return noNames;
  const known = patterns.get(patternProperties) ?? Object.keys(patternProperties);
  patterns.set(patternProperties, known);
  return known;
}

export function mapOf(value: unknown): Keywords {
  return isObject(value) ? value : {};
}

function listOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value : noNames;
}
