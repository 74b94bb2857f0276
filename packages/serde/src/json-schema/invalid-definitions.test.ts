import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkJsonSchema, compileJsonSchema } from './index.ts';

const seven = 'http://json-schema.org/draft-07/schema#';
const latest = 'https://json-schema.org/draft/2020-12/schema';
const inside = (schema: object) => ({ properties: { 'a/b': schema } });
const place = '/properties/a~1b';

// [definition, place, expected]
const cases: [object | string, string, RegExp][] = [
  ...['$id', '$ref', '$schema'].flatMap((keyword) =>
    [5, null, [], {}, true].flatMap((wrong): [object, string, RegExp][] => [
      [{ [keyword]: wrong }, `/${keyword}`, /expected a string/],
      [inside({ [keyword]: wrong }), `${place}/${keyword}`, /expected a string/],
    ]),
  ),
  ...['$anchor', '$dynamicRef', '$dynamicAnchor'].map((keyword): [object, string, RegExp] => [
    { $schema: latest, ...inside({ [keyword]: 5 }) },
    `${place}/${keyword}`,
    /expected a string/,
  ]),
  [inside({ id: 5 }), `${place}/id`, /expected a string/],
  [{ $schema: 'http://example.com/x' }, '/$schema', /draft 04, 06, 07, 2019-09 or 2020-12/],
  [inside({ type: 'foo' }), `${place}/type`, /a type of JSON Schema/],
  [inside({ type: [] }), `${place}/type`, /a type of JSON Schema/],
  [inside({ properties: 5 }), `${place}/properties`, /expected an object/],
  [inside({ allOf: [{}, 5] }), `${place}/allOf/1`, /expected a schema/],
  [{ properties: { 'a/b': 5 } }, place, /expected a schema/],
  [inside({ items: 'x' }), `${place}/items`, /expected a schema/],
  [inside({ items: [{}, 'x'] }), `${place}/items/1`, /expected a schema/],
  // Draft 04 has no boolean schemas; Java rejects them at these two places.
  [inside({ items: true }), `${place}/items`, /expected a schema that is an object/],
  [inside({ dependencies: { a: true } }), `${place}/dependencies/a`, /a schema that is an object/],
  ...[1.5, 2 ** 31].map((count): [object, string, RegExp] => [
    inside({ minItems: count }),
    `${place}/minItems`,
    /expected a 32-bit integer/,
  ]),
  ...['title', 'description'].map((keyword): [object, string, RegExp] => [
    { $schema: seven, ...inside({ $ref: '#', [keyword]: 5 }) },
    `${place}/${keyword}`,
    /expected a string/,
  ]),
  [inside({ dependencies: { a: [5] } }), `${place}/dependencies/a/0`, /expected a string/],
  [inside({ required: true }), `${place}/required`, /expected a list of names/],
  [inside({ required: ['a', 5] }), `${place}/required/1`, /expected a string/],
  [inside({ enum: [] }), `${place}/enum`, /a list of at least one value/],
  [inside({ enum: 5 }), `${place}/enum`, /a list of at least one value/],
  [inside({ maximum: '5' }), `${place}/maximum`, /expected a number/],
  [inside({ exclusiveMaximum: 5 }), `${place}/exclusiveMaximum`, /expected true or false/],
  [
    { $schema: seven, ...inside({ exclusiveMaximum: true }) },
    `${place}/exclusiveMaximum`,
    /expected a number/,
  ],
  [{ $schema: latest, ...inside({ not: 5 }) }, `${place}/not`, /expected a schema/],
  [inside({ pattern: 5 }), `${place}/pattern`, /expected a string/],
  [inside({ pattern: '(' }), `${place}/pattern`, /Unterminated group/],
  [
    inside({ $ref: 'other.json' }),
    `${place}/$ref`,
    /no target in the definition or its references/,
  ],
  [
    inside({ $ref: '#/definitions/x' }),
    `${place}/$ref`,
    /no target in the definition or its references/,
  ],
  [`${'{"not":'.repeat(20_000)}{}${'}'.repeat(20_000)}`, '', /nesting beyond 500 levels/],
  ['{"multipleOf":1e400}', '', /the number at '\/multipleOf' is beyond the range of a double/],
  ['{', '', /JSON/],
];

for (const [definition, pointer, expected] of cases) {
  const text = typeof definition === 'string' ? definition : JSON.stringify(definition);
  test(`an error names the place and what was expected: ${text.slice(0, 80)}`, () => {
    const use = () => compileJsonSchema(text).encode({}, Buffer.alloc(100), 0);
    for (const refuse of [use, () => checkJsonSchema(text)]) {
      assert.throws(refuse, (error: { code: string; message: string }) => {
        assert.equal(error.code, 'invalid-schema');
        assert.ok(error.message.includes(`at '${pointer}': `), error.message);
        assert.match(error.message, expected);
        return true;
      });
    }
  });
}

test('an error in a reference names the reference and the place', () => {
  const references = [{ name: 'other.json', definition: '{"items":{"$id":5}}' }];
  const codec = compileJsonSchema('{"$ref":"other.json"}', {}, references);
  assert.throws(() => codec.encode({}, Buffer.alloc(100), 0), {
    code: 'invalid-schema',
    message: /reference other\.json: at '\/items\/\$id': expected a string/,
  });
});

test('keywords of JSON Schema may be names and values', () => {
  const words = { $ref: {}, $id: {}, id: {}, $schema: {}, pattern: {}, required: {}, enum: {} };
  const definition = JSON.stringify({
    ...{ properties: words, definitions: words, default: { $ref: 5 }, enum: [{ $id: 5 }] },
    // An unknown keyword may have any value.
    ...{ 'x-meta': { type: 'customer', $id: 5 }, if: 5, dependentRequired: 5 },
  });
  const codec = compileJsonSchema(definition);
  assert.equal(codec.encode({ $id: 5 }, Buffer.alloc(100), 0), 9);
});
