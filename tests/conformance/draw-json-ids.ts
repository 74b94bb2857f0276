import fc, { type GeneratorValue } from 'fast-check';

/** A JSON Schema with ids and references in random places, and values to check against it. */
export interface ScopedSchema {
  schema: string;
  /** Named under the id of the schema, as a Confluent-compatible registry has them. */
  references: { name: string; definition: string }[];
  values: unknown[];
}

const drafts = ['04', '06', '07'] as const;
type Draft = (typeof drafts)[number];

const types = ['integer', 'string', 'boolean', 'null'];
const values = [
  1,
  'x',
  true,
  null,
  {},
  { a: 1 },
  { a: 'x', b: true },
  { b: { a: 1 } },
  { c: { b: 'x' } },
];
const keys = ['a', 'b', 'c'];
const definitionNames = ['a', 'B', 'a b', 'a+b', 'a/b', '~', '', 'é', '%25', '1'];
const ids = [
  ...[
    'a.json',
    'x/a.json',
    '../a.json',
    '/a',
    '#a',
    '#b',
    'b.json#',
    'b.json#a',
    'urn:a',
    'urn:a:b#a',
  ],
  ...[
    'http://e.example/a.json',
    'http://e.example/x/a.json',
    'http://e.example/b.json#',
    'http://e.example',
    '?q',
  ],
];
const fragments = [
  '',
  '#',
  '#a',
  '#b',
  '#c',
  '#/',
  '#a/definitions/B',
  '#/allOf/0',
  '#/allOf/00',
  '#/enum/0',
];
const names = ['a.json', 'x/a.json', 'b.json', 'http://e.example/a.json', 'urn:a'];

/** Schemas of the drafts that Java reads, with the ids and references whose meaning the libraries dispute. */
export function drawScopedSchema(g: GeneratorValue, withReferences: boolean): ScopedSchema {
  const draft = g(fc.constantFrom, ...drafts);
  const references = withReferences
    ? g(fc.subarray, names).map((name) => ({ name, definition: text(drawDocument(g, draft, 0.5)) }))
    : [];
  return {
    schema: text(drawDocument(g, draft, 1)),
    references,
    values: g(fc.subarray, values, { minLength: 3 }),
  };
}

function text(schema: object): string {
  return JSON.stringify(schema);
}

function drawDocument(g: GeneratorValue, draft: Draft, named: number): object {
  const places = g(fc.subarray, definitionNames, { maxLength: 4 });
  const definitions = places.map((name) => [name, drawSchema(g, draft, 1)] as const);
  const hasDraft = named === 1 || g(fc.boolean);
  return {
    ...(hasDraft && { $schema: `http://json-schema.org/draft-${draft}/schema#` }),
    ...drawSchema(g, draft, 0, false),
    ...(g(fc.nat, 3) > 0 && { definitions: Object.fromEntries(definitions) }),
    ...(g(fc.nat, 5) === 0 && { default: drawSchema(g, draft, 2) }),
  };
}

function drawSchema(g: GeneratorValue, draft: Draft, depth: number, mayRefer = true): object {
  const idKeyword = (draft === '04') === g(fc.nat, 9) > 0 ? 'id' : '$id';
  const id = g(fc.nat, 2) === 0 ? { [idKeyword]: g(fc.constantFrom, ...ids) } : {};
  const kind = g(fc.nat, depth > 2 ? 1 : 5);
  if (kind === 0 && mayRefer) return { ...id, $ref: drawReference(g) };
  if (kind < 2) return { ...id, type: g(fc.constantFrom, ...types) };
  const inside = () => drawSchema(g, draft, depth + 1);
  if (kind === 2) return { ...id, allOf: [inside(), ...(g(fc.boolean) ? [inside()] : [])] };
  if (kind === 3) return { ...id, enum: [inside(), ...g(fc.subarray, values)] };
  const chosen = g(fc.subarray, keys, { minLength: 1 });
  return {
    ...id,
    ...(kind === 4 && g(fc.boolean) && { definitions: { B: inside() } }),
    properties: Object.fromEntries([
      ...(g(fc.nat, 9) === 0 ? [[idKeyword, g(fc.constantFrom, 'a.json', true)]] : []),
      ...chosen.map((key) => [key, inside()]),
    ]),
  };
}

function drawReference(g: GeneratorValue): string {
  const kind = g(fc.nat, 3);
  if (kind === 0) return g(fc.constantFrom, ...ids);
  const pointer = `#/definitions/${drawStep(g)}${g(fc.constantFrom, '', '', '', '/', '/allOf/0', '/properties/a', '/definitions/B')}`;
  const document = g(
    fc.constantFrom,
    '',
    '',
    '',
    '',
    ...ids.map((id) => id.replace(/#.*/, '')),
    ...names,
  );
  return document + (kind === 1 ? g(fc.constantFrom, ...fragments) : pointer);
}

/** A name of a definition as a step of a pointer, escaped in one of the ways that are in use. */
function drawStep(g: GeneratorValue): string {
  const name = g(fc.constantFrom, ...definitionNames);
  const escaped = name.replaceAll('~', '~0').replaceAll('/', '~1');
  return g(fc.constantFrom, encodeURI(escaped), encodeURIComponent(escaped), escaped);
}
