import fc, { type GeneratorValue } from 'fast-check';

type Node = Record<string, unknown>;
type Draft = (typeof drafts)[number];

interface Scope {
  draft: Draft;
  depth: number;
  /** References that may lead somewhere. */
  refs: string[];
  /** Once in so many subschemas: an id, a reference, a keyword with a value of a wrong kind. 0: never. */
  ids: number;
  references: number;
  oddity: number;
}

const drafts = [undefined, '04', '06', '07'] as const;
const types = ['string', 'integer', 'number', 'null', 'object', 'array', 'boolean'];
const names = ['a', 'b', 'ab', '', 'a/b', '~', 'é', 'id', '$ref', 'length'];
const definitionNames = ['A', 'B', 'a/b', 'c~d', '%25', 'e f', 'é'];
const ids = [
  ...['http://ex.example/root.json', 'http://ex.example/dir/', 'http://other.example/x.json#'],
  ...[
    'item',
    'item.json',
    '#anchor',
    '#A',
    '/properties/a',
    'urn:example:x',
    'sub/x.json',
    '',
    '../up.json',
    '?q=1',
  ],
];
const refs = [
  ...[
    '#',
    '#/definitions/A',
    '#/definitions/B',
    '#/definitions/a~1b',
    '#/definitions/c~0d',
    '#/definitions/%2525',
  ],
  ...[
    '#/definitions/e%20f',
    '#/definitions/e f',
    '#/definitions/é',
    '#/definitions/%C3%A9',
    '#/definitions/A/properties/a',
  ],
  ...[
    '#/properties/a',
    '#/properties/a~1b',
    '#/items',
    '#/allOf/0',
    '#anchor',
    '#A',
    'item',
    'item.json',
    'sub/x.json',
  ],
  ...[
    'http://ex.example/root.json',
    'http://ex.example/root.json#',
    'http://ex.example/root.json#/definitions/A',
  ],
  ...[
    'http://ex.example/item',
    'http://ex.example/item.json',
    'http://ex.example/dir/item',
    '/properties/a',
    'root.json',
  ],
  ...[
    'item#/properties/a',
    'item.json#/definitions/A',
    '#/definitions/None',
    'urn:example:x',
    'urn:example:x#/definitions/A',
    '',
  ],
  ...[
    '#definitions/A',
    '#/',
    '#/definitions/',
    '#/definitions/A/',
    '#//definitions',
    'x.json#',
    'http://json-schema.org/draft-07/schema#',
  ],
];
const formats = [
  ...[
    'date-time',
    'date',
    'time',
    'email',
    'hostname',
    'ipv4',
    'ipv6',
    'uri',
    'uri-reference',
    'regex',
  ],
  ...[
    'json-pointer',
    'uuid',
    'uri-template',
    'relative-json-pointer',
    'idn-email',
    'color',
    'x-own',
    'phone',
  ],
];
const patterns = [
  ...[
    '^a',
    'b$',
    '.x',
    '^\\w+$',
    '[0-9]',
    '^[^\\s]*$',
    '^\\d{2,3}$',
    '(?:a|b)+',
    '^(a)\\1$',
    '\\bx',
    'a{0}',
  ],
  ...[
    '^\\S+@\\S+$',
    '^[a-zA-Z_][\\w-]*$',
    '^é',
    '\\u00e9',
    '(?i)AB',
    '^\\p{L}+$',
    '',
    '[',
    'a{2,1}',
    '\\/',
    '[\\w.-]+',
    '(?=a)a',
  ],
];
const numbers = [
  ...[0, 1, -1, 2, 3, 1.5, 0.1, 0.01, 1e-7, 2.5, 10, 100, 1e20, 1e300],
  ...[2n ** 53n + 1n, 2n ** 63n - 1n, 2n ** 63n, -(2n ** 63n) - 1n, 10n ** 30n],
];
const values: unknown[] = [
  ...[
    null,
    true,
    false,
    'a',
    'ab',
    'x',
    '',
    0,
    1,
    -1,
    2,
    1.5,
    0.1,
    0.3,
    1e300,
    2n ** 53n + 1n,
    2n ** 63n,
    10n ** 30n,
  ],
  ...[
    [],
    {},
    [1],
    ['a'],
    { a: 1 },
    { a: 'a' },
    [1, 1],
    [[1], [1]],
    [0, false],
    [1, true],
    { b: null },
    { a: { a: 1 } },
    'é',
    '😀',
  ],
];

/** A schema of drafts 04 to 07 with ids, references and definitions anywhere. Bigints are integers beyond 2^53. */
export function drawJsonTree(g: GeneratorValue): Node {
  const scope: Scope = {
    draft: g(fc.constantFrom, ...drafts),
    depth: 0,
    refs: ['#/definitions/A', '#/definitions/B', '#/definitions/a~1b'],
    ids: g(fc.constantFrom, 0, 0, 20, 6, 3),
    references: g(fc.constantFrom, 20, 6, 3),
    oddity: g(fc.constantFrom, 0, 0, 0, 60, 20),
  };
  const root = drawObjectSchema(g, scope);
  const definitions: Node = {};
  const count = g(fc.nat, 3);
  for (const name of [
    ...['A', 'B'].slice(0, count),
    ...(once(g, 2) ? [pick(g, definitionNames)] : []),
  ])
    definitions[name] = drawSchema(g, { ...scope, depth: 1 });
  const $schema = schemaUri(g, scope);
  return {
    ...($schema !== undefined && { $schema }),
    ...root,
    ...(Object.keys(definitions).length > 0 && { definitions }),
  };
}

function schemaUri(g: GeneratorValue, { draft, oddity }: Scope): unknown {
  if (oddity > 0 && once(g, 10))
    return pick(g, [
      'http://json-schema.org/schema#',
      'https://json-schema.org/draft-07/schema#',
      5,
      'http://json-schema.org/draft-03/schema#',
      '',
    ]);
  if (draft === undefined) return undefined;
  return `http://json-schema.org/draft-${draft}/schema${once(g, 5) ? '' : '#'}`;
}

function drawSchema(g: GeneratorValue, scope: Scope): unknown {
  // Booleans are schemas since draft 06.
  if (once(g, scope.draft === '06' || scope.draft === '07' ? 12 : 60)) return g(fc.boolean);
  return drawObjectSchema(g, scope);
}

function drawObjectSchema(g: GeneratorValue, outer: Scope): Node {
  const scope = { ...outer, depth: outer.depth + 1 };
  const node: Node = {};
  const put = (more: Node) => Object.assign(node, more);
  const kinds = scope.depth < 4 ? 10 : 4;
  for (let count = once(g, 4) ? 2 : 1; count > 0; count -= 1)
    switch (g(fc.nat, kinds)) {
      case 0:
      case 1:
        put(scalar(g, scope));
        break;
      case 2:
        put(once(g, 2) ? { enum: pickSome(g, values, 1, 4) } : { const: pick(g, values) });
        break;
      case 3:
      case 4:
        put(strings(g, scope));
        break;
      case 5:
      case 6:
      case 7:
        put(object(g, scope));
        break;
      case 8:
        put(array(g, scope));
        break;
      case 9:
        put(combined(g, scope));
        break;
      default:
        put(condition(g, scope));
    }
  if (once(g, 3)) node.type = once(g, 4) ? pickSome(g, types, 1, 3) : pick(g, types);
  if (scope.references > 0 && once(g, scope.references) && scope.depth > 1)
    node.$ref = once(g, 2) ? pick(g, scope.refs) : pick(g, refs);
  if (scope.ids > 0 && once(g, scope.ids)) node[idKeyword(g, scope)] = pick(g, ids);
  if (scope.oddity > 0 && once(g, scope.oddity)) {
    const keyword = pick(g, [
      ...Object.keys(node),
      'type',
      'required',
      'format',
      'minLength',
      'items',
      'properties',
      '$id',
      'id',
      '$ref',
      'title',
    ]);
    node[keyword] = pick(g, [null, 5, 'a', [], {}, true, -1, [5], ['a', 'a'], { a: 5 }, 1.5]);
  }
  if (once(g, 4)) return Object.fromEntries(Object.entries(node).reverse());
  return node;
}

function idKeyword(g: GeneratorValue, { draft }: Scope): string {
  const usual = draft === '06' || draft === '07' ? '$id' : 'id';
  return once(g, 12) ? (usual === 'id' ? '$id' : 'id') : usual;
}

function scalar(g: GeneratorValue, { draft }: Scope): Node {
  const node: Node = { type: pick(g, ['integer', 'number', 'number']) };
  if (once(g, 5)) delete node.type;
  if (once(g, 2)) node.minimum = pick(g, numbers);
  if (once(g, 2)) node.maximum = pick(g, numbers);
  if (once(g, 3))
    node.multipleOf = pick(
      g,
      numbers.filter((one) => one > 0),
    );
  const isBoolean = draft === undefined || draft === '04' ? !once(g, 15) : once(g, 15);
  for (const keyword of ['exclusiveMinimum', 'exclusiveMaximum'])
    if (once(g, 4)) node[keyword] = isBoolean ? g(fc.boolean) : pick(g, numbers);
  return node;
}

function strings(g: GeneratorValue, _scope: Scope): Node {
  const node: Node = { type: 'string' };
  if (once(g, 5)) delete node.type;
  if (once(g, 3)) node.minLength = g(fc.nat, 3);
  if (once(g, 3)) node.maxLength = g(fc.nat, 4);
  if (once(g, 3)) node.pattern = pick(g, patterns);
  if (once(g, 2)) node.format = pick(g, formats);
  return node;
}

function object(g: GeneratorValue, scope: Scope): Node {
  const node: Node = once(g, 3) ? {} : { type: 'object' };
  const members = () =>
    Object.fromEntries(
      pickSome(g, names, 0, 3).map((name) => [name as string, drawSchema(g, scope)] as const),
    );
  if (!once(g, 5)) node.properties = members();
  if (once(g, 3)) node.required = pickSome(g, names, scope.draft === '04' ? 1 : 0, 2);
  if (once(g, 3)) node.additionalProperties = once(g, 2) ? g(fc.boolean) : drawSchema(g, scope);
  if (once(g, 5)) node.patternProperties = { [pick(g, patterns)]: drawSchema(g, scope) };
  if (once(g, 6)) node.minProperties = g(fc.nat, 2);
  if (once(g, 6)) node.maxProperties = g(fc.nat, 3);
  if (once(g, 5))
    node.dependencies = {
      [pick(g, names)]: once(g, 2) ? pickSome(g, names, 1, 2) : drawSchema(g, scope),
    };
  if (once(g, 6)) node.propertyNames = drawSchema(g, scope);
  return node;
}

function array(g: GeneratorValue, scope: Scope): Node {
  const node: Node = once(g, 3) ? {} : { type: 'array' };
  if (!once(g, 4))
    node.items = once(g, 2)
      ? drawSchema(g, scope)
      : [drawSchema(g, scope), drawSchema(g, scope)].slice(g(fc.nat, 1));
  if (once(g, 3)) node.additionalItems = once(g, 2) ? g(fc.boolean) : drawSchema(g, scope);
  if (once(g, 4)) node.minItems = g(fc.nat, 2);
  if (once(g, 4)) node.maxItems = g(fc.nat, 3);
  if (once(g, 4)) node.uniqueItems = g(fc.boolean);
  if (once(g, 4)) node.contains = drawSchema(g, scope);
  return node;
}

function combined(g: GeneratorValue, scope: Scope): Node {
  const several = () => Array.from({ length: 1 + g(fc.nat, 2) }, () => drawSchema(g, scope));
  switch (g(fc.nat, 3)) {
    case 0:
      return { anyOf: several() };
    case 1:
      return { oneOf: several() };
    case 2:
      return { allOf: several() };
    default:
      return { not: drawSchema(g, scope) };
  }
}

// A literal `then` would make the object look like a promise.
const consequence = 'then';

function condition(g: GeneratorValue, scope: Scope): Node {
  const node: Node = once(g, 6) ? {} : { if: drawSchema(g, scope) };
  if (!once(g, 4)) node[consequence] = drawSchema(g, scope);
  if (!once(g, 3)) node.else = drawSchema(g, scope);
  return node;
}

function pick<T>(g: GeneratorValue, from: readonly T[]): T {
  return from[g(fc.nat, from.length - 1)] as T;
}

function pickSome(
  g: GeneratorValue,
  from: readonly unknown[],
  min: number,
  max: number,
): unknown[] {
  const count = min + g(fc.nat, max - min);
  const chosen: unknown[] = [];
  while (chosen.length < count) {
    const one = pick(g, from);
    if (!chosen.includes(one)) chosen.push(one);
  }
  return chosen;
}

function once(g: GeneratorValue, times: number): boolean {
  return g(fc.nat, times - 1) === 0;
}
