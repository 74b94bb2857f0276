import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileJsonSchema } from './index.ts';

const seven = 'http://json-schema.org/draft-07/schema#';
const latest = 'https://json-schema.org/draft/2020-12/schema';
const inside = (schema: object) => ({ properties: { 'a/b': schema } });
const place = '/properties/a~1b';

// [definition, where, what was expected]
const cases: [object | string, string, RegExp][] = [
  ...['$id', '$ref', '$schema'].flatMap((keyword) =>
    [5, null, [], {}, true].flatMap((wrong): [object, string, RegExp][] => [
      [{ [keyword]: wrong }, `/${keyword}`, /a string was expected/],
      [inside({ [keyword]: wrong }), `${place}/${keyword}`, /a string was expected/],
    ]),
  ),
  ...['$anchor', '$dynamicRef', '$dynamicAnchor'].map((keyword): [object, string, RegExp] => [
    { $schema: latest, ...inside({ [keyword]: 5 }) },
    `${place}/${keyword}`,
    /a string was expected/,
  ]),
  [inside({ id: 5 }), `${place}/id`, /a string was expected/],
  [{ $schema: 'http://example.com/x' }, '/$schema', /draft 04, 06, 07, 2019-09 or 2020-12/],
  [inside({ type: 'foo' }), `${place}/type`, /a type of JSON Schema/],
  [inside({ type: [] }), `${place}/type`, /a type of JSON Schema/],
  [inside({ properties: 5 }), `${place}/properties`, /an object was expected/],
  [inside({ allOf: [{}, 5] }), `${place}/allOf/1`, /a schema was expected/],
  [{ properties: { 'a/b': 5 } }, place, /a schema was expected/],
  [inside({ items: 'x' }), `${place}/items`, /a schema was expected/],
  [inside({ items: [{}, 'x'] }), `${place}/items/1`, /a schema was expected/],
  [inside({ dependencies: { a: [5] } }), `${place}/dependencies/a/0`, /a string was expected/],
  [inside({ required: true }), `${place}/required`, /a list of names was expected/],
  [inside({ required: ['a', 5] }), `${place}/required/1`, /a string was expected/],
  [inside({ enum: [] }), `${place}/enum`, /a list of one value at least/],
  [inside({ enum: 5 }), `${place}/enum`, /a list of one value at least/],
  [inside({ maximum: '5' }), `${place}/maximum`, /a number was expected/],
  [inside({ exclusiveMaximum: 5 }), `${place}/exclusiveMaximum`, /true or false was expected/],
  [
    { $schema: seven, ...inside({ exclusiveMaximum: true }) },
    `${place}/exclusiveMaximum`,
    /a number was expected/,
  ],
  [{ $schema: latest, ...inside({ not: 5 }) }, `${place}/not`, /a schema was expected/],
  [inside({ pattern: 5 }), `${place}/pattern`, /a string was expected/],
  [inside({ pattern: '(' }), `${place}/pattern`, /Unterminated group/],
  [inside({ $ref: 'other.json' }), `${place}/$ref`, /neither into the definition nor/],
  [inside({ $ref: '#/definitions/x' }), `${place}/$ref`, /neither into the definition nor/],
  [`${'{"not":'.repeat(20_000)}{}${'}'.repeat(20_000)}`, '', /nests too deeply/],
  ['{"multipleOf":1e400}', '', /the number at '\/multipleOf' is beyond what a double holds/],
  ['{', '', /JSON/],
];

for (const [definition, pointer, expected] of cases) {
  const text = typeof definition === 'string' ? definition : JSON.stringify(definition);
  test(`an invalid definition says where and what was expected: ${text.slice(0, 80)}`, () => {
    assert.throws(
      () => compileJsonSchema(text).encode({}, Buffer.alloc(100), 0),
      (error: { code: string; message: string }) => {
        assert.equal(error.code, 'INVALID_SCHEMA');
        assert.ok(error.message.includes(`at '${pointer}': `), error.message);
        assert.match(error.message, expected);
        return true;
      },
    );
  });
}

test('an invalid reference says which it is, and where', () => {
  const references = [{ name: 'other.json', definition: '{"items":{"$id":5}}' }];
  const codec = compileJsonSchema('{"$ref":"other.json"}', {}, references);
  assert.throws(() => codec.encode({}, Buffer.alloc(100), 0), {
    code: 'INVALID_SCHEMA',
    message: /reference other\.json: at '\/items\/\$id': a string was expected/,
  });
});

test('words of JSON Schema are names and values too', () => {
  const words = { $ref: {}, $id: {}, id: {}, $schema: {}, pattern: {}, required: {}, enum: {} };
  const definition = JSON.stringify({
    ...{ properties: words, definitions: words, default: { $ref: 5 }, enum: [{ $id: 5 }] },
    // A keyword of someone else's may hold anything.
    ...{ 'x-meta': { type: 'customer', $id: 5 }, if: 5, dependentRequired: 5 },
  });
  const codec = compileJsonSchema(definition);
  assert.equal(codec.encode({ $id: 5 }, Buffer.alloc(100), 0), 9);
});
