import { printExactJson } from '@order-stream/serde';
import fc, { type GeneratorValue } from 'fast-check';
import { anyCharacter } from './any-character.ts';

/** A JSON Schema and a valid value. Integers beyond 2^53 are bigints. */
export interface JsonPair {
  schema: string;
  value: unknown;
}

interface Limits {
  /** The range of integers that the other library reads exactly. */
  min: bigint;
  max: bigint;
}

interface Part {
  schema: object | boolean;
  value: unknown;
}

interface Scope extends Limits {
  depth: number;
  definitions: Record<string, object | boolean>;
}

const drafts = [4, 6, 7].map((draft) => `http://json-schema.org/draft-0${draft}/schema#`);
// Names with a meaning in JavaScript, Java, Python or JSON pointers.
const names = ['id', 'constructor', 'toString', 'a/b', '~', 'class', 'Ünïcødé', '', '$ref-erence'];

/** Any pair with the keywords that drafts 04, 06 and 07 share. */
export function drawJsonPair(g: GeneratorValue, limits: Limits): JsonPair {
  const scope: Scope = { ...limits, depth: 0, definitions: {} };
  const { schema, value } = drawPart(g, scope);
  const draft = g(fc.constantFrom, undefined, ...drafts);
  const whole = {
    ...(draft && { $schema: draft }),
    ...(schema as object),
    ...(Object.keys(scope.definitions).length > 0 && { definitions: scope.definitions }),
  };
  return { schema: printExactJson(whole), value };
}

function drawPart(g: GeneratorValue, scope: Scope): Part {
  const kinds: Kind[] = scope.depth < 3 ? [...scalars, ...containers] : [...scalars];
  const kind: Kind = g(fc.constantFrom, ...kinds);
  return draw[kind](g, { ...scope, depth: scope.depth + 1 });
}

const text = () => fc.string({ unit: anyCharacter, maxLength: 12 });

const scalars = ['string', 'integer', 'number', 'boolean', 'null', 'enum'] as const;
const containers = ['array', 'object', 'object', 'object', 'anyOf', 'ref', 'allOf'] as const;

type Kind = (typeof scalars)[number] | (typeof containers)[number];

const draw: Record<Kind, (g: GeneratorValue, scope: Scope) => Part> = {
  string(g) {
    const value = g(text);
    const length = [...value].length;
    const limits = g(fc.boolean) ? { minLength: Math.min(length, 2), maxLength: length } : {};
    return { schema: { type: 'string', ...limits }, value };
  },
  integer(g, { min, max }) {
    const exact = g(fc.bigInt, { min, max });
    const value = Number.isSafeInteger(Number(exact)) ? Number(exact) : exact;
    const limits = g(fc.boolean) ? { minimum: value, maximum: value } : {};
    return { schema: { type: 'integer', ...limits }, value };
  },
  number(g) {
    const drawn = g(fc.double, { noNaN: true, noDefaultInfinity: true });
    // A double without a fraction would be written as an integer, and one below 0 as 0.
    const value = Number.isInteger(drawn) ? g(fc.integer) + 0.5 : drawn;
    return { schema: { type: 'number', ...(g(fc.boolean) && { maximum: value }) }, value };
  },
  boolean: (g) => ({ schema: { type: 'boolean' }, value: g(fc.boolean) }),
  null: () => ({ schema: { type: 'null' }, value: null }),
  enum(g) {
    const values = ['RED', 'x', 7, null, true, 2.5];
    return { schema: { enum: values }, value: g(fc.constantFrom, ...values) };
  },
  array(g, scope) {
    const { schema, value } = drawPart(g, scope);
    const count = g(fc.integer, { min: 0, max: 3 });
    const items = Array.from({ length: count }, () => value);
    return { schema: { type: 'array', items: schema, maxItems: 3 }, value: items };
  },
  object(g, scope) {
    const chosen = names.slice(0, g(fc.integer, { min: 0, max: names.length }));
    const parts = chosen.map((name) => [name, drawPart(g, scope)] as const);
    const present = parts.filter(() => g(fc.integer, { min: 0, max: 3 }) > 0);
    const required = present.filter(() => g(fc.boolean)).map(([name]) => name);
    const properties = Object.fromEntries(parts.map(([name, part]) => [name, part.schema]));
    const schema = {
      type: 'object',
      properties,
      // Draft 04 requires at least one name.
      ...(required.length > 0 && { required }),
      ...(g(fc.boolean) && { additionalProperties: false }),
    };
    return { schema, value: Object.fromEntries(present.map(([name, part]) => [name, part.value])) };
  },
  anyOf(g, scope) {
    const [one, other] = [drawPart(g, scope), drawPart(g, scope)];
    return {
      schema: { anyOf: [one.schema, other.schema] },
      value: g(fc.boolean) ? one.value : other.value,
    };
  },
  allOf(g, scope) {
    const { schema, value } = drawPart(g, scope);
    return { schema: { allOf: [schema, {}] }, value };
  },
  ref(g, scope) {
    const { schema, value } = drawPart(g, scope);
    const name = `d${Object.keys(scope.definitions).length}`;
    scope.definitions[name] = schema;
    return { schema: { $ref: `#/definitions/${name}` }, value };
  },
};
