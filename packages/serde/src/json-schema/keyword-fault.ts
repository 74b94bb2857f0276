import { memberPointer } from '../json/json-pointer.ts';
import type { Draft } from './drafts.ts';
import { isObject, type Keywords } from './each-schema.ts';

interface Fault {
  /** JSON pointer below the schema, without its leading slash. */
  place: string;
  expected: string;
}
type Kind = (place: string, value: unknown) => Fault | undefined;

const text = kind('a string', (value) => typeof value === 'string');
const texts = listOf('names', text);
const schema = kind('a schema', isSchema);
const schemas = listOf('schemas', schema);
const objectSchema = kind('a schema that is an object', isObject);

const kinds = {
  any: () => undefined,
  ...{ text, texts, schema, schemas },
  number: kind('a number', (value) => typeof value === 'number' || typeof value === 'bigint'),
  // As Java reads it.
  count: kind('a 32-bit integer', (value) => typeof value === 'number' && value === (value | 0)),
  boolean: kind('true or false', (value) => typeof value === 'boolean'),
  type: kind('a type of JSON Schema, or a list of them', isType),
  values: kind('a list of at least one value', (value) => isList(value) && value.length > 0),
  items: (place, value) => (isList(value) ? schemas : schema)(place, value),
  mapOfSchemas: mapOf(schema),
  mapOfTexts: mapOf(texts),
  // Draft 04 has no boolean schemas. Java accepts them elsewhere.
  itemsOf04: (place, value) => (isList(value) ? schemas : objectSchema)(place, value),
  dependenciesOf04: mapOf((place, value) => (isList(value) ? texts : objectSchema)(place, value)),
  dependencies: mapOf((place, value) => (isList(value) ? texts : schema)(place, value)),
} satisfies Record<string, Kind>;

type KindName = keyof typeof kinds;

const counts = 'maxLength minLength maxItems minItems maxProperties minProperties';
const inEachDraft = [
  ...all('mapOfSchemas', 'properties patternProperties'),
  ...all('dependencies', 'dependencies'),
  ...all('schemas', 'allOf anyOf oneOf'),
  ...all('schema', 'not additionalProperties'),
  ...all('texts', 'required'),
  ...all('values', 'enum'),
  ...all('number', 'maximum minimum multipleOf'),
  ...all('count', counts),
  ...all('boolean', 'uniqueItems'),
  ...all('text', 'pattern format'),
  ...all('type', 'type'),
];
const since06 = [
  ...inEachDraft,
  ...all('any', 'const'),
  ...all('schema', 'contains propertyNames'),
  ...all('number', 'exclusiveMaximum exclusiveMinimum'),
];
const since07 = [...since06, ...all('schema', 'if then else')];
const since2019 = [
  ...since07,
  ...all('number', counts),
  ...all('schema', 'unevaluatedProperties unevaluatedItems'),
  ...all('mapOfSchemas', 'dependentSchemas'),
  ...all('mapOfTexts', 'dependentRequired'),
  ...all('number', 'maxContains minContains'),
];
const listOrSchema = all('items', 'items');
const additionalItems = all('schema', 'additionalItems');
const kindsByKeyword = {
  '04': new Map([
    ...inEachDraft,
    ...all('itemsOf04', 'items'),
    ...all('dependenciesOf04', 'dependencies'),
    ...all('boolean', 'exclusiveMaximum exclusiveMinimum'),
    ...additionalItems,
  ]),
  '06': new Map([...since06, ...listOrSchema, ...additionalItems]),
  '07': new Map([...since07, ...listOrSchema, ...additionalItems]),
  '2019-09': new Map([...since2019, ...listOrSchema, ...additionalItems]),
  '2020-12': new Map([...since2019, ...all('schema', 'items'), ...all('schemas', 'prefixItems')]),
} satisfies Record<Draft, ReadonlyMap<string, KindName>>;

/** Where a keyword of a draft has schemas: as its value or the elements of a list, or as members with names. */
export function subschemasIn(keyword: string, draft: Draft): 'itself' | 'members' | undefined {
  const kind = kindsByKeyword[draft].get(keyword);
  if (kind === undefined) return undefined;
  if (['mapOfSchemas', 'dependencies', 'dependenciesOf04'].includes(kind)) return 'members';
  return ['schema', 'schemas', 'items', 'itemsOf04'].includes(kind) ? 'itself' : undefined;
}

/** Whether a draft defines a keyword that constrains values. */
export function isKeyword(keyword: string, draft: Draft): boolean {
  return kindsByKeyword[draft].has(keyword);
}

/** Whether Everit ignores a member of `properties`: one with the name of the id keyword that is not an object. */
export function isIgnoredProperty(
  keyword: string,
  name: string,
  schema: unknown,
  draft: Draft,
): boolean {
  if (keyword !== 'properties' || isObject(schema)) return false;
  return draft === '04' ? name === 'id' : name === '$id' && (draft === '06' || draft === '07');
}

/** The first keyword of a schema with an invalid value. ajv reports it without a place, or ignores it. */
export function findKeywordFault(schema: Keywords, draft: Draft): Fault | undefined {
  for (const [keyword, kind] of kindsByKeyword[draft]) {
    if (!Object.hasOwn(schema, keyword)) continue;
    const fault = kinds[kind](keyword, withoutIgnored(schema[keyword], keyword, draft));
    if (fault) return fault;
  }
  return undefined;
}

function withoutIgnored(value: unknown, keyword: string, draft: Draft): unknown {
  if (keyword !== 'properties' || !isObject(value)) return value;
  const members = Object.entries(value);
  return Object.fromEntries(
    members.filter(([name, member]) => !isIgnoredProperty(keyword, name, member, draft)),
  );
}

function kind(expected: string, holds: (value: unknown) => boolean): Kind {
  return (place, value) => (holds(value) ? undefined : { place, expected });
}

function listOf(of: string, element: Kind): Kind {
  return (place, value) => {
    if (!isList(value)) return { place, expected: `a list of ${of}` };
    return firstOf(value.map((part, index) => element(`${place}/${index}`, part)));
  };
}

function mapOf(member: Kind): Kind {
  return (place, value) => {
    if (!isObject(value)) return { place, expected: 'an object' };
    const entries = Object.entries(value);
    return firstOf(entries.map(([name, part]) => member(memberPointer(place, name), part)));
  };
}

function firstOf(faults: readonly (Fault | undefined)[]): Fault | undefined {
  return faults.find((fault) => fault !== undefined);
}

function all(kind: KindName, names: string): (readonly [string, KindName])[] {
  return names.split(' ').map((name) => [name, kind]);
}

function isList(value: unknown): value is unknown[] {
  return Array.isArray(value);
}

function isSchema(value: unknown): boolean {
  return typeof value === 'boolean' || isObject(value);
}

function isType(value: unknown): boolean {
  const types = ['null', 'boolean', 'number', 'integer', 'string', 'array', 'object'];
  const named = isList(value) ? value : [value];
  return named.length > 0 && named.every((type) => types.includes(type as string));
}
