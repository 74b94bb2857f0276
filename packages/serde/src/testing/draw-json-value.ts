import { names, scalars } from './draw-json-schema.ts';
import type { SeededRandom } from './seeded-random.ts';

type Schema = Record<string, unknown>;

const texts = ['', 'a', 'b', 'ab', 'abc', 'x1', 'x', '1', '1.2.3.4', '2020-01-31', 'long text'];

/** A value that often matches the schema, made from its constants: limits, names and listed values. */
export function drawJsonValue(random: SeededRandom, root: Schema): unknown {
  return valueFor(random, root, root, 0);
}

function valueFor(random: SeededRandom, schema: unknown, root: Schema, depth: number): unknown {
  if (depth > 4 || typeof schema !== 'object' || schema === null || random.oneIn(9)) {
    return anyValue(random, depth);
  }
  const flat = flatten(random, schema as Schema, root, 0);
  if ('const' in flat && !random.oneIn(5)) return flat.const;
  if (Array.isArray(flat.enum) && !random.oneIn(5)) return random.pick(flat.enum);
  switch (random.pick(typesFor(random, flat))) {
    case 'null':
      return null;
    case 'boolean':
      return random.oneIn(2);
    case 'integer':
      return Math.floor(numberFor(random, flat));
    case 'number':
      return numberFor(random, flat);
    case 'string':
      return textFor(random, flat);
    case 'array':
      return arrayFor(random, flat, root, depth);
    default:
      return objectFor(random, flat, root, depth);
  }
}

const every = ['null', 'boolean', 'integer', 'number', 'string', 'array', 'object', 'object'];

function typesFor(random: SeededRandom, { type, ...rest }: Schema): readonly string[] {
  if (typeof type === 'string') return [type];
  if (Array.isArray(type) && type.length > 0) return type;
  const keywords = Object.keys(rest);
  const hints = [
    ...(keywords.some((key) => /propert|required|depend/i.test(key)) ? ['object'] : []),
    ...(keywords.some((key) => /items|contains/i.test(key)) ? ['array'] : []),
    ...(keywords.some((key) => /length|pattern$|format/i.test(key)) ? ['string'] : []),
    ...(keywords.some((key) => /imum|multiple/i.test(key)) ? ['number', 'integer'] : []),
  ];
  return hints.length > 0 && !random.oneIn(4) ? hints : every;
}

/** Merges the schemas that apply to the same value, choosing one branch of each union. */
function flatten(random: SeededRandom, schema: Schema, root: Schema, depth: number): Schema {
  const parts: unknown[] = [];
  const { $ref } = schema;
  if (typeof $ref === 'string') {
    parts.push((root.definitions as Schema)[$ref.split('/').at(-1) as string]);
  }
  if (Array.isArray(schema.allOf)) parts.push(...schema.allOf);
  for (const keyword of ['anyOf', 'oneOf']) {
    const branches = schema[keyword];
    if (Array.isArray(branches)) parts.push(random.pick(branches));
  }
  if (schema.if !== undefined) {
    parts.push(...(random.oneIn(2) ? [schema.if, schema.then] : [schema.else]));
  }
  for (const keyword of ['dependencies', 'dependentSchemas']) {
    parts.push(...Object.values((schema[keyword] ?? {}) as Schema).filter(() => random.oneIn(2)));
  }
  let merged = schema;
  for (const part of parts) {
    if (typeof part !== 'object' || part === null || Array.isArray(part) || depth > 4) continue;
    const flat = flatten(random, part as Schema, root, depth + 1);
    const properties = { ...(flat.properties as object), ...(merged.properties as object) };
    const required = [...listOf(flat.required), ...listOf(merged.required)];
    merged = { ...flat, ...merged, properties, required };
  }
  return merged;
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function anyValue(random: SeededRandom, depth: number): unknown {
  if (depth < 3 && random.oneIn(4)) {
    return Array.from({ length: random.below(4) }, () => anyValue(random, depth + 1));
  }
  if (depth < 3 && random.oneIn(3)) {
    const chosen = names.filter(() => random.oneIn(3));
    return Object.fromEntries(chosen.map((name) => [name, anyValue(random, depth + 1)]));
  }
  return random.pick(scalars);
}

function numberFor(random: SeededRandom, schema: Schema): number {
  const limits = ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf']
    .map((keyword) => schema[keyword])
    .filter((limit) => typeof limit === 'number');
  const near = limits.length > 0 ? random.pick(limits) : 0;
  return near + random.pick([0, 0, 1, -1, 0.5, -0.5, 2, 3, -3, 10]);
}

function textFor(random: SeededRandom, { minLength, maxLength }: Schema): string {
  const fitting = texts.filter(
    ({ length }) => length >= Number(minLength ?? 0) && length <= Number(maxLength ?? 99),
  );
  return random.pick(random.oneIn(5) || fitting.length === 0 ? texts : fitting);
}

function countFor(random: SeededRandom, least: unknown, most: unknown): number {
  const limits = [least, most].filter((limit) => typeof limit === 'number');
  if (limits.length === 0 || random.oneIn(4)) return random.below(4);
  return Math.max(0, random.pick(limits) + random.pick([0, 0, 0, 1, -1]));
}

function arrayFor(random: SeededRandom, schema: Schema, root: Schema, depth: number): unknown[] {
  const { prefixItems, items, additionalItems, contains, minItems, maxItems } = schema;
  const tuple = Array.isArray(prefixItems) ? prefixItems : Array.isArray(items) ? items : [];
  const rest = Array.isArray(items) ? additionalItems : items;
  const length = countFor(random, minItems, maxItems);
  return Array.from({ length }, (_, index) => {
    const own = index < tuple.length ? tuple[index] : rest;
    const isContained = contains !== undefined && random.oneIn(2);
    const other = schema.unevaluatedItems;
    return valueFor(random, isContained ? contains : (own ?? other), root, depth + 1);
  });
}

function objectFor(random: SeededRandom, schema: Schema, root: Schema, depth: number): unknown {
  const { properties, patternProperties, additionalProperties, required } = schema;
  const declared = (properties ?? {}) as Schema;
  const always = listOf(required) as string[];
  const others = names.filter(() => random.oneIn(additionalProperties === false ? 8 : 5));
  const chosen = new Set([
    ...always.filter(() => !random.oneIn(10)),
    ...Object.keys(declared).filter(() => random.oneIn(2)),
    ...others,
  ]);
  const pattern = Object.values((patternProperties ?? {}) as Schema)[0];
  return Object.fromEntries(
    [...chosen].map((name) => {
      const rest = additionalProperties ?? schema.unevaluatedProperties;
      const own = declared[name] ?? (random.oneIn(2) ? (pattern ?? rest) : rest);
      return [name, valueFor(random, own, root, depth + 1)];
    }),
  );
}
