import type { Draft } from '../json-schema/drafts.ts';
import { isObject } from '../json-schema/each-schema.ts';
import { type DrawnSchema, isSince } from './draw-json-schema.ts';
import type { SeededRandom } from './seeded-random.ts';

type Change = (schema: DrawnSchema, random: SeededRandom) => DrawnSchema | undefined;

/**
 * A copy in which one keyword allows more, somewhere where this makes the whole schema allow more; or one keyword
 * allows less inside `not`. Undefined if the drawn place has nothing to loosen.
 */
export function loosenJsonSchema(
  random: SeededRandom,
  schema: DrawnSchema,
  draft: Draft,
): DrawnSchema | undefined {
  return change(random, schema, draft, isUnevaluated(schema), 0) as DrawnSchema | undefined;
}

function isUnevaluated(schema: DrawnSchema): boolean {
  return JSON.stringify(schema).includes('"unevaluated');
}

// Where a schema that allows more makes the one around it allow more.
const widening = [
  ...['items', 'prefixItems', 'additionalItems', 'additionalProperties', 'propertyNames'],
  ...['properties', 'patternProperties', 'definitions', 'dependencies', 'dependentSchemas'],
  ...['then', 'else', 'allOf', 'anyOf', 'contains'],
];

function change(
  random: SeededRandom,
  schema: unknown,
  draft: Draft,
  hasUnevaluated: boolean,
  depth: number,
): unknown {
  if (!isObject(schema)) return schema === false && isSince(draft, '06') ? {} : undefined;
  // A reference may be used where it must not change, and what is beside it is ignored up to draft 07.
  if ('$ref' in schema && !isSince(draft, '2019-09')) return undefined;
  const places = Object.keys(schema).filter(
    (keyword) =>
      widening.includes(keyword) && keyword !== 'definitions' && isDefined(keyword, draft),
  );
  if (places.length > 0 && depth < 4 && !random.oneIn(2)) {
    const keyword = random.pick(places);
    if (keyword === 'contains' && 'maxContains' in schema) return undefined;
    const inPlace = /^(?:allOf|anyOf|then|else|depend)/.test(keyword);
    if (inPlace && hasUnevaluated) return undefined;
    return inside(random, schema, keyword, (part) =>
      change(random, part, draft, hasUnevaluated, depth + 1),
    );
  }
  const changes = hasUnevaluated ? scalarChanges : [...scalarChanges, ...nestedChanges];
  return random.pick(changes)(schema, random);
}

const since = new Map<string, Draft>([
  ['propertyNames', '06'],
  ['contains', '06'],
  ['then', '07'],
  ['else', '07'],
  ['dependentSchemas', '2019-09'],
  ['prefixItems', '2020-12'],
]);

function isDefined(keyword: string, draft: Draft): boolean {
  return isSince(draft, since.get(keyword) ?? '04');
}

function inside(
  random: SeededRandom,
  schema: DrawnSchema,
  keyword: string,
  alter: (part: unknown) => unknown,
): DrawnSchema | undefined {
  const value = schema[keyword];
  const isSchema = isObject(value) && !/ies$|Schemas$/.test(keyword);
  const isOther = keyword === 'additionalProperties';
  if (!Array.isArray(value) && (!isObject(value) || isSchema || isOther)) {
    const altered = alter(value);
    return altered === undefined ? undefined : { ...schema, [keyword]: altered };
  }
  const keys = Object.keys(value as object);
  if (keys.length === 0) return undefined;
  const key = random.pick(keys);
  const part = (value as DrawnSchema)[key];
  const altered = Array.isArray(part) ? undefined : alter(part);
  if (altered === undefined) return undefined;
  const copy = Array.isArray(value)
    ? value.with(Number(key), altered)
    : { ...(value as object), [key]: altered };
  return { ...schema, [keyword]: copy };
}

function without(...keywords: readonly string[]): Change {
  return (schema) => {
    if (!keywords.some((keyword) => keyword in schema)) return undefined;
    return Object.fromEntries(
      Object.entries(schema).filter(([keyword]) => !keywords.includes(keyword)),
    );
  };
}

function shifted(keyword: string, by: number): Change {
  return (schema) => {
    const limit = schema[keyword];
    return typeof limit === 'number' ? { ...schema, [keyword]: limit + by } : undefined;
  };
}

const shorter: Change = (schema, random) => {
  const { required } = schema;
  if (!Array.isArray(required) || required.length === 0) return undefined;
  const dropped = random.pick(required);
  return { ...schema, required: required.filter((name) => name !== dropped) };
};

const scalarChanges: Change[] = [
  ...['type', 'enum', 'const', 'multipleOf', 'pattern', 'format', 'uniqueItems', 'required'].map(
    (keyword) => without(keyword),
  ),
  ...['minLength', 'maxLength', 'minItems', 'maxItems', 'minProperties', 'maxProperties'].map(
    (keyword) => without(keyword),
  ),
  without('minimum', 'exclusiveMinimum'),
  without('maximum', 'exclusiveMaximum'),
  without('exclusiveMinimum'),
  without('exclusiveMaximum'),
  without('not'),
  without('propertyNames'),
  without('dependentRequired'),
  without('maxContains'),
  ...['minimum', 'exclusiveMinimum', 'minLength', 'minItems', 'minProperties'].map((keyword) =>
    shifted(keyword, -1),
  ),
  ...['maximum', 'exclusiveMaximum', 'maxLength', 'maxItems', 'maxProperties', 'maxContains'].map(
    (keyword) => shifted(keyword, 1),
  ),
  shorter,
  (schema) => {
    const { enum: values } = schema;
    return Array.isArray(values) ? { ...schema, enum: [...values, 'new'] } : undefined;
  },
  (schema) => {
    const { type } = schema;
    if (type === undefined) return undefined;
    const types = new Set([type, 'null'].flat());
    return { ...schema, type: [...types] };
  },
  (schema) => ({ ...schema, title: 'other' }),
  (schema) => {
    const { not } = schema;
    if (!isObject(not)) return undefined;
    return { ...schema, not: { allOf: [not, { minLength: 2, minimum: 1, minItems: 1 }] } };
  },
  (schema, random) => {
    const { dependentRequired, dependencies } = schema;
    const keyword = dependentRequired === undefined ? 'dependencies' : 'dependentRequired';
    const map = dependentRequired ?? dependencies;
    if (!isObject(map) || Object.keys(map).length === 0) return undefined;
    const name = random.pick(Object.keys(map));
    const list = map[name];
    if (!Array.isArray(list)) return undefined;
    return { ...schema, [keyword]: { ...map, [name]: list.slice(1) } };
  },
];

const nestedChanges: Change[] = [
  ...['allOf', 'anyOf', 'oneOf', 'additionalProperties', 'dependencies', 'dependentSchemas'].map(
    (keyword) => without(keyword),
  ),
  ...['then', 'else', 'contains'].map((keyword) => without(keyword)),
  without('if', 'then', 'else'),
  without('contains', 'minContains', 'maxContains'),
  (schema) => {
    const { anyOf } = schema;
    return Array.isArray(anyOf) ? { ...schema, anyOf: [...anyOf, { const: 'new' }] } : undefined;
  },
  (schema) => {
    const { allOf } = schema;
    return Array.isArray(allOf) && allOf.length > 1
      ? { ...schema, allOf: allOf.slice(1) }
      : undefined;
  },
  (schema) => {
    if (schema.additionalProperties !== false) return undefined;
    const properties = { ...(schema.properties as object) };
    return 'new' in properties
      ? undefined
      : { ...schema, properties: { ...properties, new: { type: 'string' } } };
  },
];
