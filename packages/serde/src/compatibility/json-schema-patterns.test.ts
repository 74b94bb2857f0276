import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkJsonSchemaCompatibility } from './check-json-schema.ts';

/** The kinds of reasons against reading what `before` allows with `after`. */
function reasons(before: object, after: object): string[] {
  const [previous, newSchema] = [before, after].map((schema) => JSON.stringify(schema));
  const question = { mode: 'BACKWARD', newSchema, previous: [previous] } as {
    mode: 'BACKWARD';
    newSchema: string;
    previous: string[];
  };
  return checkJsonSchemaCompatibility(question).incompatibilities.map(({ type }) => type);
}

// JavaScript needs 2^50 steps to see that the name does not match.
const pattern = String.raw`^(\w+\s?)*$`;
const name = `${'a'.repeat(50)}!`;
const named = { properties: { [name]: {} }, required: [name] };
const closed = { ...named, additionalProperties: false };

for (const [what, before, after, expected] of [
  ['a value', { enum: [name] }, { pattern }, ['PATTERN_CHANGED']],
  ['a value', { enum: ['b'] }, { pattern }, []],
  ['a value that is empty', { enum: [name], pattern }, { type: 'number' }, []],
  ['the name of a property', closed, { patternProperties: { [pattern]: false } }, []],
  ['a name', closed, { propertyNames: { pattern } }, ['PATTERN_CHANGED']],
  [
    'an unevaluated property',
    { $schema: 'https://json-schema.org/draft/2020-12/schema', ...closed },
    {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      ...{ patternProperties: { [pattern]: {} }, unevaluatedProperties: false },
    },
    ['PROPERTY_DROPPED_FROM_CLOSED_SCHEMA'],
  ],
] as const) {
  test(`${what} is matched without backtracking: ${expected[0] ?? 'compatible'}`, () => {
    assert.deepEqual(reasons(before, after), expected);
  });
}

test('a comparison whose patterns take too many steps together is too complex, and nothing else', () => {
  const names = Array.from({ length: 100 }, (_, index) => `${'a'.repeat(100)}${index}`);
  const object = (patterns: number) => ({
    properties: Object.fromEntries(names.map((name) => [name, {}])),
    patternProperties: Object.fromEntries(
      Array.from({ length: patterns }, (_, index) => [`a{${index}}(a|b)*c$`, {}]),
    ),
    additionalProperties: { type: 'string' },
  });
  assert.deepEqual(reasons(object(1), { ...object(1), additionalProperties: {} }), []);
  const many = object(100);
  assert.deepEqual(reasons(many, { ...many, additionalProperties: {} }), ['TOO_COMPLEX']);
});

for (const [draft, others] of [
  ['http://json-schema.org/draft-07/schema#', {}],
  ['https://json-schema.org/draft/2020-12/schema', { unevaluatedProperties: false }],
] as const) {
  test(`the same names and patterns in many schemas that apply together are matched once: ${draft}`, () => {
    const object = (maxLength: number) => {
      const parts = Array.from({ length: 20 }, (_, part) => {
        const names = Array.from({ length: 20 }, (_, name) => `some_name_${part}_${name}`);
        const properties = names.map((name, index) => [name, { maxLength: index ? 3 : maxLength }]);
        const patternProperties = { '(^|_)(id|uuid)$': {} };
        return { properties: Object.fromEntries(properties), patternProperties };
      });
      return { $schema: draft, ...{ allOf: parts }, ...others };
    };
    assert.deepEqual(reasons(object(3), object(4)), []);
  });
}

test('a comparison that needs a pattern with a back reference is too complex', () => {
  assert.deepEqual(reasons({ enum: ['aa', 1] }, { pattern: String.raw`^(a)\1$`, type: 'string' }), [
    'TOO_COMPLEX',
  ]);
  assert.deepEqual(
    reasons({ pattern: String.raw`(a)\1`, maxLength: 1 }, { pattern: String.raw`(a)\1` }),
    [],
  );
});
