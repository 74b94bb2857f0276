import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isJsonSchema } from './is-json-schema.ts';

const metaschema = 'http://json-schema.org/draft-07/schema#';

/** A value of each keyword of the drafts 04 to 2020-12 that shapes values or names schemas. */
const examples: Readonly<Record<string, unknown>> = {
  ...{ $ref: 'money.json', $id: 'https://shop.org/a', $anchor: 'a', $defs: { a: {} } },
  ...{ $dynamicRef: '#a', $dynamicAnchor: 'a', $recursiveRef: '#', $recursiveAnchor: true },
  ...{ $vocabulary: {}, definitions: { a: { type: 'string' } } },
  ...{ type: 'object', enum: ['a'], const: null },
  ...{ multipleOf: 2, minimum: 3, maximum: 3, exclusiveMinimum: 3, exclusiveMaximum: true },
  ...{ minLength: 1, maxLength: 1, pattern: '^a', format: 'date' },
  ...{ contentEncoding: 'base64', contentMediaType: 'text/html', contentSchema: {} },
  ...{ items: { type: 'string' }, prefixItems: [{}], additionalItems: false, uniqueItems: true },
  ...{ minItems: 1, maxItems: 1, contains: { minimum: 3 }, minContains: 1, maxContains: 1 },
  ...{ unevaluatedItems: false, minProperties: 1, maxProperties: 1, required: ['a'] },
  ...{ properties: { a: { format: 'date' } }, patternProperties: { a: true } },
  ...{ additionalProperties: false, propertyNames: { pattern: '^a' } },
  ...{ unevaluatedProperties: false, dependencies: { a: ['b'] } },
  ...{ dependentRequired: { a: ['b'] }, dependentSchemas: { a: { required: ['b'] } } },
  ...{ allOf: [{}], anyOf: [true], oneOf: [{}], not: { enum: [1] } },
  ...JSON.parse('{"if":{"required":["a"]},"then":{"required":["a"]},"else":false}'),
};

test('isJsonSchema: each keyword of the drafts marks a schema, alone and with annotations', () => {
  for (const [keyword, value] of Object.entries(examples)) {
    assert.equal(isJsonSchema(JSON.stringify({ [keyword]: value })), true, keyword);
    const annotated = { title: 'T', 'x-owner': 'shop', [keyword]: value, default: 1 };
    assert.equal(isJsonSchema(JSON.stringify(annotated)), true, keyword);
  }
});

test('isJsonSchema: schemas with faults, true, and unknown versions of the metaschema are reported as schemas', () => {
  for (const text of [
    ...['true', 'false', '{"type":'],
    '{"$schema":"https://json-schema.org/draft/2020-12/schemas"}',
    '{"$schema":"http://json-schema.org/draft-03/schema#"}',
    '{"$schema":"http://json-schema.com/draft-07/schema#"}',
    '{"$schema":"json-schema.org/draft-07/schemas"}',
    `{"$schema":"${metaschema}"}`,
    '{"type":"object","required":true}',
    '{"properties":{"a":{"type":"strin"}}}',
    '{"properties":{"a":{"type":"string","displayName":"A"}}}',
    '{"minimum":9007199254740993}',
    '{"items":{}}',
  ])
    assert.equal(isJsonSchema(text), true, text);
});

test('isJsonSchema: configuration and data with words of JSON Schema are not schemas', () => {
  for (const value of [
    ...[{ required: true }, { enum: 'prod' }, { items: [{ id: 1 }] }, { items: [] }],
    ...[{ items: [{ title: 'a', type: 'fruit' }] }, { items: true }, { minimum: '3' }],
    ...[{ pattern: '**/*.ts' }, { pattern: '*.ts' }, { pattern: 'src/**/*.ts' }],
    ...[
      { format: 'esm', entry: 'main.ts' },
      { minimum: 3, name: 'pool' },
    ],
    ...[{ properties: { id: 1 } }, { properties: { sku: { name: 'basic' } } }],
    ...[{ definitions: 'a.txt' }, { not: 'a' }, { if: 'a == b' }, { const: 1, let: 2 }],
    ...[{ name: 'a', dependencies: {} }, { dependencies: { a: '1', b: '2' } }],
    ...[{ dependencies: { a: { version: '1', requires: { b: '2' } } } }, { type: 'module' }],
    ...[{ title: 'T', description: 'D' }, {}, [], 1, 'a', null],
    { $schema: 'https://biomejs.dev/schemas/2.0.0/schema.json', type: 'object' },
    { $schema: 'https://json.schemastore.org/tsconfig', items: { type: 'string' } },
  ])
    assert.equal(isJsonSchema(JSON.stringify(value)), false, JSON.stringify(value));
});
