import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { checkJsonSchema } from './index.ts';
import { compileValidator } from './validator.ts';

const draft04 = 'http://json-schema.org/draft-04/schema#';
const draft07 = 'http://json-schema.org/draft-07/schema#';
const latest = 'https://json-schema.org/draft/2020-12/schema';
const drafts = [
  ...[draft04, 'http://json-schema.org/draft-06/schema#', draft07],
  ...['https://json-schema.org/draft/2019-09/schema', latest],
];

interface Reference {
  name: string;
  definition: string;
}

/** The message of a refusal; undefined if the definition is accepted. */
function refusal(accept: () => unknown): string | undefined {
  try {
    accept();
    return undefined;
  } catch (error) {
    assert.equal((error as { code?: string }).code, 'invalid-schema');
    return (error as Error).message;
  }
}

/** The message with which both the check and the compiler refuse a definition, if they do. */
function sameRefusal(definition: string, references: readonly Reference[] = []) {
  const byCheck = refusal(() => checkJsonSchema(definition, references, '07'));
  const byCompiler = refusal(() => compileValidator(definition, '07', references));
  assert.equal(byCheck, byCompiler, definition);
  return byCheck;
}

test('a list of schemas in items is refused in draft 2020-12, and the error names its place', () => {
  for (const items of [[{ type: 'string' }], [true], []]) {
    const nested = { $schema: latest, properties: { tags: { type: 'array', items } } };
    const named = [{ name: 'a.json', definition: JSON.stringify({ $schema: latest, items }) }];
    const refused: [object, Reference[], string][] = [
      [{ $schema: latest, items }, [], "at '/items': expected a schema"],
      [nested, [], "at '/properties/tags/items': expected a schema"],
      [
        { $schema: draft07, properties: { a: { $ref: 'a.json' } } },
        named,
        "reference a.json: at '/items': expected a schema",
      ],
    ];
    for (const [schema, references, expected] of refused) {
      const message = sameRefusal(JSON.stringify(schema), references);
      assert.ok(message?.includes(expected), message);
    }
    // Earlier drafts have tuples in `items`, also where draft 2020-12 refers to them.
    const earlier = JSON.stringify({ $schema: draft07, items, additionalItems: false });
    const text = JSON.stringify({ $schema: latest, $ref: 'b.json' });
    assert.equal(sameRefusal(text, [{ name: 'b.json', definition: earlier }]), undefined);
  }
});

test('a pattern in a document of a newer draft, which accepts more, is accepted', () => {
  const newer = JSON.stringify({ $schema: latest, pattern: '[[]' });
  const definition = JSON.stringify({ $schema: draft07, $ref: 'a.json' });
  assert.equal(sameRefusal(definition, [{ name: 'a.json', definition: newer }]), undefined);
});

const keywords = (
  '$ref $dynamicRef $recursiveRef $id $anchor id type properties patternProperties required dependencies ' +
  'dependentSchemas dependentRequired allOf not if items prefixItems additionalItems contains additionalProperties ' +
  'unevaluatedProperties unevaluatedItems enum const maximum multipleOf exclusiveMaximum maxLength minContains ' +
  'uniqueItems pattern format nullable discriminator default'
).split(' ');
const values: unknown[] = [
  ...[null, true, -1, 1.5, '', '#', 'x', '(', [], [5], ['a', ''], [{}], [true], 'object', {}],
  ...[{ a: 5 }, { a: {} }, { a: ['b', ''] }, { '(': {} }, { a: true, type: 'string' }],
];
const all = keywords.flatMap((keyword) => values.map((value) => ({ [keyword]: value })));

for (const Schema of drafts) {
  test(`a keyword that the check accepts can be compiled: ${Schema}`, () => {
    for (const some of all) sameRefusal(JSON.stringify({ ...some, $schema: Schema }));
  });
}

test('the check refuses the drawn definitions that cannot be compiled, and no others', () => {
  const isValid = (some: object) => {
    return !refusal(() => checkJsonSchema(JSON.stringify({ ...some, $schema: latest })));
  };
  const valid = fc.constantFrom(...all.filter((some) => isValid(some)));
  const schema = fc
    .tuple(valid, valid, fc.oneof({ arbitrary: valid, weight: 4 }, fc.constantFrom(...all)))
    .map((parts) => Object.assign({}, ...parts) as object);
  const draft = fc.oneof(fc.constant(latest), fc.constantFrom(...drafts));
  const property = fc.property(schema, schema, draft, schema, draft, (a, b, $schema, c, of) => {
    const root = { ...a, properties: { b, c: { $ref: 'other.json' } } };
    const other = { name: 'other.json', definition: JSON.stringify({ ...c, $schema: of }) };
    sameRefusal(JSON.stringify({ ...root, $schema }), [other]);
  });
  fc.assert(property, { numRuns: 400 });
});
