import fc, { type GeneratorValue } from 'fast-check';
import { pick } from '../../conformance/draw-schema.ts';

type Node = Record<string, unknown>;

const scalars: unknown[] = [
  ...[null, true, false, 0, 1, -1, 2, 3, 1.5, 0.1, 0.3, 2.5, 10, 1e20, 1e300, 1e-7],
  ...[2n ** 53n + 1n, 2n ** 63n, -(2n ** 63n) - 1n, 10n ** 30n],
  ...['', 'a', 'ab', 'x', 'aa', 'AB', '12', '123', 'a b', 'é', '😀', 'a\nb', 'axb'],
];
const texts: Record<string, readonly string[]> = {
  'date-time': [
    '2020-01-01T00:00:00Z',
    '2020-02-31T10:00:00+01:00',
    '2020-01-01t00:00:00z',
    '2020-01-01T00:00:00',
    '2020-01-01T00:00:00.123456789Z',
    '2020-13-01T00:00:00Z',
    '2020-06-30T23:59:60Z',
  ],
  date: ['2020-01-01', '2020-02-30', '20-1-1', '2020-02-29', '2021-02-29'],
  time: ['10:00:00Z', '10:00:00', '24:00:00Z', '10:00:00.5+02:00', '25:00:00Z'],
  email: [
    'a@b.com',
    'a@b',
    'a.b@c.org',
    '"x y"@z.de',
    '@',
    'ü@b.com',
    'a@localhost',
    'a@[1.2.3.4]',
  ],
  hostname: [
    'a.com',
    'localhost',
    '-a.com',
    'a_b.com',
    'a.b.',
    'é.com',
    `${'a'.repeat(64)}.com`,
    'example.org',
  ],
  ipv4: ['1.2.3.4', '256.1.1.1', '1.2.3', '01.2.3.4'],
  ipv6: ['::1', '1::2::3', 'fe80::1%eth0', '::ffff:1.2.3.4', '12345::', '1:2:3:4:5:6:7:8'],
  uri: [
    'http://a/b',
    '//a/b',
    'a',
    'urn:x:y',
    'http://a b',
    'http://[::1]/',
    'mailto:a@b.com',
    'http://é/',
    'http:',
    'file:///a',
  ],
  'uri-reference': ['a/b', '#x', '../x', 'a b', '\\', '?q', 'http://a/%zz'],
  regex: ['a+', '(', '[a', '\\p{L}', '(?i)a', 'a**', '^\\d$'],
  'json-pointer': ['', '/a', 'a', '/a~1b', '/~', '#/a', '/a//b'],
  'relative-json-pointer': ['0', '1/a', '0#', '/a', '01/a', '-1'],
  'uri-template': ['http://a/{b}', '{', 'a{b}', '{b*}', '}'],
};

/** A value that often matches the schema, as far as it looks: references are followed by name only. */
export function drawJsonValue(
  g: GeneratorValue,
  root: Node,
  schema: unknown = root,
  depth = 0,
): unknown {
  if (typeof schema !== 'object' || schema === null || g(fc.nat, 6) === 0 || depth > 5)
    return drawAny(g, depth);
  const node = schema as Node;
  const follow = (part: unknown) => drawJsonValue(g, root, part, depth + 1);
  if (typeof node.$ref === 'string' && g(fc.nat, 5) > 0) return follow(targetOf(root, node.$ref));
  if (Array.isArray(node.enum) && node.enum.length > 0 && g(fc.nat, 4) > 0)
    return pick(g, node.enum);
  if ('const' in node && g(fc.nat, 3) > 0) return node.const;
  for (const keyword of ['allOf', 'anyOf', 'oneOf'])
    if (Array.isArray(node[keyword]) && node[keyword].length > 0 && g(fc.nat, 2) > 0)
      return follow(pick(g, node[keyword] as unknown[]));
  for (const keyword of ['then', 'else', 'if', 'not'])
    if (keyword in node && g(fc.nat, 3) === 0) return follow(node[keyword]);
  const type = Array.isArray(node.type) ? pick(g, [...node.type, undefined]) : node.type;
  const looksLikeObject = [
    'properties',
    'required',
    'dependencies',
    'patternProperties',
    'propertyNames',
  ].some((one) => one in node);
  if (type === 'object' || (type === undefined && looksLikeObject))
    return drawObject(g, node, follow, depth);
  if (type === 'array' || (type === undefined && ('items' in node || 'contains' in node)))
    return drawArray(g, node, follow, depth);
  if (type === 'string' || 'format' in node || 'pattern' in node) {
    const known = texts[String(node.format)];
    if (known !== undefined && g(fc.nat, 8) > 0) return pick(g, known);
    return pick(
      g,
      scalars.filter((one) => typeof one === 'string'),
    );
  }
  if (
    type === 'integer' ||
    type === 'number' ||
    'multipleOf' in node ||
    'minimum' in node ||
    'maximum' in node
  ) {
    const limits = [node.minimum, node.maximum, node.multipleOf].filter(
      (one) => typeof one === 'number' || typeof one === 'bigint',
    );
    return pick<unknown>(g, [
      ...limits,
      ...limits,
      ...scalars.filter((one) => typeof one === 'number' || typeof one === 'bigint'),
    ]);
  }
  if (type === 'null') return null;
  if (type === 'boolean') return g(fc.boolean);
  return drawAny(g, depth);
}

function drawObject(
  g: GeneratorValue,
  node: Node,
  follow: (part: unknown) => unknown,
  depth: number,
): unknown {
  const value: Node = {};
  const properties = isNode(node.properties) ? node.properties : {};
  for (const [name, part] of Object.entries(properties))
    if (g(fc.nat, 3) > 0) value[name] = follow(part);
  if (Array.isArray(node.required))
    for (const name of node.required)
      if (!(String(name) in value) && g(fc.nat, 5) > 0)
        value[String(name)] = follow(properties[String(name)] ?? node.additionalProperties);
  if (g(fc.nat, 3) === 0)
    value[pick(g, ['a', 'b', 'ab', '', 'a/b', 'x', '12'])] = isNode(node.additionalProperties)
      ? follow(node.additionalProperties)
      : drawAny(g, depth + 1);
  return value;
}

function drawArray(
  g: GeneratorValue,
  node: Node,
  follow: (part: unknown) => unknown,
  depth: number,
): unknown {
  const { items } = node;
  const value = Array.isArray(items)
    ? items.map(follow)
    : Array.from({ length: g(fc.nat, 3) }, () => follow(items));
  if (g(fc.nat, 3) === 0)
    value.push('contains' in node ? follow(node.contains) : drawAny(g, depth + 1));
  if (g(fc.nat, 5) === 0 && value.length > 0) value.push(value[0]);
  return value.slice(0, 4);
}

function drawAny(g: GeneratorValue, depth: number): unknown {
  const kind = g(fc.nat, depth < 3 ? 7 : 4);
  if (kind < 5) return pick(g, scalars);
  if (kind === 5) return Array.from({ length: g(fc.nat, 3) }, () => drawAny(g, depth + 1));
  return Object.fromEntries(
    Array.from({ length: g(fc.nat, 3) }, () => [
      pick(g, ['a', 'b', 'ab', '', 'x']),
      drawAny(g, depth + 1),
    ]),
  );
}

function targetOf(root: Node, ref: string): unknown {
  let found: unknown = root;
  for (const step of (ref.split('#')[1] ?? '').split('/').slice(1))
    found =
      isNode(found) || Array.isArray(found)
        ? (found as Node)[step.replace('~1', '/').replace('~0', '~')]
        : undefined;
  return found;
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
