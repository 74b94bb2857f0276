import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkJsonSchemaCompatibility } from './check-json-schema.ts';

const Schema = 'http://json-schema.org/draft-07/schema#';

/** The kinds of reasons against reading what `before` allows with `after`. */
function reasons(before: object, after: object): string[] {
  const [previous, newSchema] = [before, after].map((schema) =>
    JSON.stringify({ $schema: Schema, ...schema }),
  );
  const question = { newSchema: newSchema as string, previous: [previous as string] };
  return checkJsonSchemaCompatibility({ mode: 'BACKWARD', ...question }).incompatibilities.map(
    ({ type }) => type,
  );
}

function members<Part>(count: number, prefix: string, part: (index: number) => Part) {
  return Object.fromEntries(
    Array.from({ length: count }, (_, index) => [`${prefix}${index}`, part(index)]),
  );
}

/** A closed object with many properties that may be null and else refer to one definition. */
function nullable(count: number, shared: object) {
  const whole = (others: object) => ({
    type: 'object',
    properties: {
      ...members(count, 'p', () => ({ anyOf: [{ $ref: '#/definitions/D' }, { type: 'null' }] })),
      ...others,
    },
    additionalProperties: false,
    definitions: { D: shared },
  });
  return [whole({}), whole({ added: { type: 'string' } })] as const;
}

/** Types of events each of which refers to twenty others. */
function events(count: number, names: readonly string[]) {
  const definition = (name: string, index: number) => ({
    type: 'object',
    properties: {
      ...members(20, 'x', (other) => ({
        $ref: `#/definitions/T${(index * 7 + other * 13) % count}`,
      })),
      kind: { const: name },
    },
    required: ['kind'],
  });
  return {
    oneOf: names.map((name) => ({ $ref: `#/definitions/${name}` })),
    definitions: Object.fromEntries(names.map((name, index) => [name, definition(name, index)])),
  };
}

test('a union of kinds that refer to each other can have one more', () => {
  const names = Object.keys(members(60, 'T', () => true));
  const [before, after] = [events(60, names), events(60, [...names, 'added'])];
  assert.deepEqual(reasons(before, after), []);
  assert.ok(reasons(after, before).includes('UNION_NARROWED'));
});

for (const [what, count, shared] of [
  [
    'union',
    300,
    {
      anyOf: Object.values(
        members(100, '', (index) => ({ properties: { k: { const: index } }, required: ['k'] })),
      ),
    },
  ],
  ['object', 500, { properties: members(500, 'f', () => ({ type: 'string' })) }],
] as const) {
  test(`${count} references to a large ${what} are compared with it once`, () => {
    const [before, after] = nullable(count, shared);
    assert.deepEqual(reasons(before, after), []);
    assert.equal(reasons(after, before)[0], 'PROPERTY_DROPPED_FROM_CLOSED_SCHEMA');
  });
}
