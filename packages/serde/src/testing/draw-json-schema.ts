import type { Draft } from '../json-schema/drafts.ts';
import type { SeededRandom } from './seeded-random.ts';

export type DrawnSchema = Record<string, unknown>;
type Part = DrawnSchema | boolean;
type Draw = (random: SeededRandom, draft: Draft, depth: number) => DrawnSchema;

// Few names and texts, so that keywords meet.
export const names = ['a', 'b', 'c', 'ab', 'x1'] as const;
export const patterns = ['^a', 'b$', '^x', '[0-9]', '^[a-c]$'] as const;
export const scalars = [null, true, false, 0, 1, 2, -1, 1.5, 'a', 'b', 'ab', 'x1', ''] as const;
const types = ['null', 'boolean', 'integer', 'number', 'string', 'array', 'object'] as const;

const order = ['04', '06', '07', '2019-09', '2020-12'] as const;

export function isSince(draft: Draft, first: Draft): boolean {
  return order.indexOf(draft) >= order.indexOf(first);
}

const schemaUrls: Record<Draft, string> = {
  '04': 'http://json-schema.org/draft-04/schema#',
  '06': 'http://json-schema.org/draft-06/schema#',
  '07': 'http://json-schema.org/draft-07/schema#',
  '2019-09': 'https://json-schema.org/draft/2019-09/schema',
  '2020-12': 'https://json-schema.org/draft/2020-12/schema',
};

/** A definition whose keywords depend on each other. */
export function drawJsonSchema(random: SeededRandom, draft: Draft): DrawnSchema {
  const next = { $ref: '#/definitions/d1' };
  const definitions = {
    d0: drawObject(random, draft, 3),
    // Refers to itself.
    d1: { ...drawObject(random, draft, 3), properties: { a: next, b: { type: drawType(random) } } },
  };
  return { $schema: schemaUrls[draft], ...drawObject(random, draft, 0), definitions };
}

export function drawPart(random: SeededRandom, draft: Draft, depth: number): Part {
  if (isSince(draft, '06') && random.oneIn(8)) return random.oneIn(2);
  return drawObject(random, draft, depth);
}

function drawObject(random: SeededRandom, draft: Draft, depth: number): DrawnSchema {
  if (depth > 3) return random.oneIn(2) ? { type: drawType(random) } : {};
  const groups = depth > 2 ? scalarGroups : [...scalarGroups, ...nestedGroups];
  const schema: DrawnSchema = {};
  const count = 1 + random.below(3);
  for (let index = 0; index < count; index += 1) {
    Object.assign(schema, random.pick(groups)(random, draft, depth));
  }
  if (random.oneIn(3)) schema.type = drawType(random);
  return schema;
}

function drawType(random: SeededRandom): unknown {
  if (random.oneIn(4)) {
    const first = random.pick(types);
    const second = random.pick(types);
    return first === second ? [first] : [first, second];
  }
  return random.pick([...types, 'object', 'array', 'string']);
}

const drawNames = (random: SeededRandom) => names.filter(() => random.oneIn(3));
const small = (random: SeededRandom) => random.below(4);

function some(random: SeededRandom, draws: Record<string, () => unknown>): DrawnSchema {
  const chosen = Object.entries(draws).filter(() => random.oneIn(2));
  return Object.fromEntries(chosen.map(([keyword, draw]) => [keyword, draw()]));
}

const scalarGroups: Draw[] = [
  (random) => ({ type: drawType(random) }),
  (random) => ({ enum: scalars.filter(() => random.oneIn(3)).concat(random.pick(scalars)) }),
  (random) => ({ const: random.pick([...scalars, [1], { a: 1 }]) }),
  (random, draft) => {
    const limits = some(random, {
      minimum: () => random.below(5) - 2,
      maximum: () => random.below(5) - 1,
      multipleOf: () => random.pick([1, 2, 0.5, 3]),
    });
    const exclusive =
      draft === '04'
        ? {
            ...('minimum' in limits && { exclusiveMinimum: random.oneIn(2) }),
            ...('maximum' in limits && { exclusiveMaximum: random.oneIn(2) }),
          }
        : some(random, {
            exclusiveMinimum: () => random.below(4) - 2,
            exclusiveMaximum: () => random.below(4),
          });
    return { ...limits, ...exclusive };
  },
  (random) =>
    some(random, {
      minLength: () => small(random),
      maxLength: () => small(random),
      pattern: () => random.pick(patterns),
    }),
  (random) => ({ format: random.pick(['ipv4', 'date', 'unknown']) }),
  (random) => ({ required: [random.pick(names), ...drawNames(random)].filter(isFirst) }),
];

function isFirst(name: string, index: number, all: readonly string[]): boolean {
  return all.indexOf(name) === index;
}

const inside = (random: SeededRandom, draft: Draft, depth: number) =>
  drawPart(random, draft, depth + 1);

function mapOf(keys: readonly string[], draw: () => unknown): DrawnSchema {
  return Object.fromEntries(keys.map((key) => [key, draw()]));
}

const nestedGroups: Draw[] = [
  drawMembers,
  drawMembers,
  drawItems,
  (random, draft, depth) => {
    const propertyNames = inside(random, draft, depth);
    return isSince(draft, '06')
      ? { propertyNames: random.oneIn(2) ? propertyNames : drawNamesSchema(random) }
      : {};
  },
  (random, draft, depth) => {
    if (!isSince(draft, '06')) return {};
    const counts = some(random, {
      minContains: () => small(random),
      maxContains: () => small(random),
    });
    return { contains: inside(random, draft, depth), ...(isSince(draft, '2019-09') && counts) };
  },
  (random, draft, depth) => {
    const entry = () => (random.oneIn(2) ? drawNames(random) : inside(random, draft, depth));
    if (!isSince(draft, '2019-09') || random.oneIn(3)) {
      return { dependencies: mapOf(drawNames(random), entry) };
    }
    return some(random, {
      dependentRequired: () => mapOf(drawNames(random), () => drawNames(random)),
      dependentSchemas: () => mapOf(drawNames(random), () => inside(random, draft, depth)),
    });
  },
  (random, draft, depth) => ({ not: inside(random, draft, depth) }),
  (random, draft, depth) => {
    if (!isSince(draft, '07')) return {};
    const branches = ['then', 'else'].filter(() => random.oneIn(2));
    return mapOf(['if', ...branches], () => inside(random, draft, depth));
  },
  ...(['allOf', 'anyOf', 'oneOf'] as const).map(
    (keyword): Draw =>
      (random, draft, depth) => ({
        [keyword]: Array.from({ length: 1 + random.below(3) }, () => inside(random, draft, depth)),
      }),
  ),
  (random) => ({ $ref: `#/definitions/${random.pick(['d0', 'd1'])}` }),
];

function drawNamesSchema(random: SeededRandom): DrawnSchema {
  return random.pick([
    { enum: ['a', 'b'] },
    { pattern: random.pick(patterns) },
    { maxLength: 1 },
    { const: 'a' },
  ]);
}

function drawMembers(random: SeededRandom, draft: Draft, depth: number): DrawnSchema {
  const part = () => inside(random, draft, depth);
  return {
    ...some(random, {
      properties: () => mapOf(drawNames(random), part),
      patternProperties: () => mapOf([random.pick(patterns)], part),
      additionalProperties: () => (random.oneIn(2) ? false : part()),
      minProperties: () => small(random),
      maxProperties: () => small(random),
    }),
    ...(isSince(draft, '2019-09') &&
      random.oneIn(3) && { unevaluatedProperties: random.oneIn(2) ? false : part() }),
  };
}

function drawItems(random: SeededRandom, draft: Draft, depth: number): DrawnSchema {
  const part = () => inside(random, draft, depth);
  const list = () => Array.from({ length: 1 + random.below(2) }, part);
  const rest = () => (random.oneIn(3) ? false : part());
  const items: DrawnSchema =
    draft === '2020-12'
      ? some(random, { prefixItems: list, items: rest })
      : some(random, {
          items: () => (random.oneIn(2) ? list() : part()),
          additionalItems: rest,
        });
  return {
    // Draft-04 has no schemas that are booleans, except for additional items.
    ...(draft === '04' && items.items === false ? {} : items),
    ...some(random, {
      minItems: () => small(random),
      maxItems: () => small(random),
      uniqueItems: () => random.oneIn(2),
    }),
    ...(isSince(draft, '2019-09') &&
      random.oneIn(3) && { unevaluatedItems: random.oneIn(2) ? false : part() }),
  };
}
