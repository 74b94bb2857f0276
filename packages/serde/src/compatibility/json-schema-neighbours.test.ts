import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Draft } from '../json-schema/drafts.ts';
import { checkJsonSchemaCompatibility } from './check-json-schema.ts';

const urls: Record<Draft, string> = {
  '04': 'http://json-schema.org/draft-04/schema#',
  '06': 'http://json-schema.org/draft-06/schema#',
  '07': 'http://json-schema.org/draft-07/schema#',
  '2019-09': 'https://json-schema.org/draft/2019-09/schema',
  '2020-12': 'https://json-schema.org/draft/2020-12/schema',
};

function faults(draft: Draft, newSchema: string, old: string): string[] {
  const named = (schema: string) =>
    JSON.stringify({ $schema: urls[draft], ...(JSON.parse(schema) as object) });
  return checkJsonSchemaCompatibility({
    mode: 'BACKWARD',
    newSchema: named(newSchema),
    previous: [named(old)],
  }).incompatibilities.map(
    ({ type, newLocation, previousLocation }) => `${type} ${newLocation} ${previousLocation}`,
  );
}

// [draft, one schema, another one, fault if the first replaces the second, fault if the second replaces the first]
const rows: [Draft, string, string, (string | undefined)?, (string | undefined)?][] = [
  // `const` and `enum` hold together, and draft-04 has no `const`.
  ['07', '{"const":"ab","enum":["x"]}', '{"const":"ab"}', 'ENUM_NARROWED /const '],
  ['07', '{"enum":["a","b"]}', '{"const":"a"}', undefined, 'ENUM_NARROWED /const '],
  ['04', '{"const":1}', '{"const":2}'],
  ['07', '{"type":"boolean"}', '{"enum":[true,false]}'],
  ['07', '{"enum":[null]}', '{"type":"null"}'],
  // A property that no object can have, and one that each object has.
  [
    '07',
    '{"required":["a"]}',
    '{"type":"object","properties":{"a":false}}',
    'REQUIRED_PROPERTY_ADDED /required ',
    'TYPE_NARROWED /type ',
  ],
  [
    '07',
    '{"minProperties":2}',
    '{"required":["a","b"]}',
    undefined,
    'REQUIRED_PROPERTY_ADDED /required ',
  ],
  [
    '07',
    '{"patternProperties":{"^a":{"type":"string"}}}',
    '{"additionalProperties":{"type":"string"}}',
    undefined,
    'TYPE_NARROWED /additionalProperties/type /additionalProperties',
  ],
  // Closed by unevaluatedProperties.
  [
    '2020-12',
    '{"properties":{"a":{},"b":{}},"unevaluatedProperties":false}',
    '{"properties":{"a":{}},"unevaluatedProperties":false}',
    undefined,
    'PROPERTY_DROPPED_FROM_CLOSED_SCHEMA  /properties/b',
  ],
  [
    '2019-09',
    '{"$ref":"#/$defs/base","properties":{"b":{}},"unevaluatedProperties":false,"$defs":{"base":{"properties":{"a":{}}}}}',
    '{"properties":{"a":{}},"additionalProperties":false}',
    undefined,
    'PROPERTY_DROPPED_FROM_CLOSED_SCHEMA  /properties/b',
  ],
  [
    '2020-12',
    '{"type":"array","prefixItems":[true,true],"unevaluatedItems":false}',
    '{"type":"array","prefixItems":[true],"items":false}',
    undefined,
    'TYPE_NARROWED /items /prefixItems/1',
  ],
  // Looser conditions.
  [
    '07',
    '{"dependencies":{"a":["b"]}}',
    '{"dependencies":{"a":["b","c"]}}',
    undefined,
    'CONDITION_CHANGED /dependencies ',
  ],
  [
    '2019-09',
    '{"dependentRequired":{"a":["b"]}}',
    '{"dependentRequired":{"a":["b"],"c":["d"]}}',
    undefined,
    'CONDITION_CHANGED /dependentRequired ',
  ],
  [
    '2020-12',
    '{"dependentSchemas":{"a":{"maxProperties":3}}}',
    '{"dependentSchemas":{"a":{"maxProperties":2}}}',
    undefined,
    'CONDITION_CHANGED /dependentSchemas ',
  ],
  [
    '07',
    '{"contains":{"type":"number"}}',
    '{"contains":{"type":"integer"}}',
    undefined,
    'CONDITION_CHANGED /contains ',
  ],
  [
    '2020-12',
    '{"contains":{"const":1},"minContains":1}',
    '{"contains":{"const":1},"minContains":2}',
    undefined,
    'CONDITION_CHANGED /minContains ',
  ],
  [
    '2019-09',
    '{"contains":{"const":1},"maxContains":3}',
    '{"contains":{"const":1},"maxContains":2}',
    undefined,
    'CONDITION_CHANGED /maxContains ',
  ],
  // Without `contains`, they mean nothing; up to draft 07 in any case.
  ['2020-12', '{"minContains":2}', '{"minContains":1}'],
  ['07', '{"contains":{"const":1},"minContains":0}', '{"contains":{"const":1},"minContains":2}'],
  [
    '06',
    '{"propertyNames":{"maxLength":3}}',
    '{"propertyNames":{"maxLength":2}}',
    undefined,
    'PATTERN_CHANGED /propertyNames ',
  ],
  [
    '07',
    '{"if":{"required":["a"]},"then":{"maxProperties":3},"else":{"minProperties":1}}',
    '{"if":{"required":["a"]},"then":{"maxProperties":2},"else":{"minProperties":1}}',
    undefined,
    'CONDITION_CHANGED /then ',
  ],
  ['07', '{"if":{"required":["a"]}}', '{"if":{"required":["b"]}}'],
  ['06', '{"if":{"minimum":1},"then":{"maximum":5}}', '{}'],
  // Inside `not`, tighter is looser.
  ['07', '{"not":{"minimum":5}}', '{"not":{"minimum":3}}', undefined, 'CONDITION_CHANGED /not '],
  [
    '07',
    '{"not":{"type":"null"}}',
    '{"type":["string","object"]}',
    undefined,
    'TYPE_NARROWED /type ',
  ],
  // Keywords of several parts together.
  ['07', '{"minimum":1,"maximum":5}', '{"allOf":[{"minimum":1},{"maximum":5}]}'],
  [
    '2020-12',
    '{"$ref":"#/$defs/n","minimum":1,"$defs":{"n":{"maximum":5}}}',
    '{"minimum":1,"maximum":5}',
  ],
  [
    '07',
    '{"$ref":"#/definitions/n","minimum":1,"definitions":{"n":{}}}',
    '{"$ref":"#/definitions/n","definitions":{"n":{}}}',
  ],
  // Numbers.
  [
    '04',
    '{"minimum":1,"exclusiveMinimum":false}',
    '{"minimum":1,"exclusiveMinimum":true}',
    undefined,
    'LIMIT_NARROWED /minimum ',
  ],
  [
    '04',
    '{"minimum":1}',
    '{"type":"integer","minimum":0,"exclusiveMinimum":true}',
    undefined,
    'TYPE_NARROWED /type ',
  ],
  ['07', '{"multipleOf":3}', '{"multipleOf":6}', undefined, 'LIMIT_NARROWED /multipleOf '],
  ['07', '{"multipleOf":0.5}', '{"type":"integer"}', undefined, 'TYPE_NARROWED /type '],
  // Tuples.
  [
    '2019-09',
    '{"items":[{"type":"string"}],"additionalItems":{"type":"number"}}',
    '{"items":[{"type":"string"}],"additionalItems":{"type":"integer"}}',
    undefined,
    'TYPE_NARROWED /additionalItems/type /additionalItems',
  ],
  ['2020-12', '{"additionalItems":false}', '{}'],
  // Keywords without the one that gives them a meaning, beside keywords that depend on their neighbours.
  [
    '2019-09',
    '{"additionalItems":{},"unevaluatedItems":{"type":"string"}}',
    '{"additionalItems":false,"unevaluatedItems":{"type":"string"}}',
  ],
  [
    '2020-12',
    '{"then":{"minItems":1},"minContains":2,"unevaluatedItems":false}',
    '{"else":{"minItems":1},"unevaluatedItems":false}',
  ],
  [
    '2020-12',
    '{"dependencies":{"a":["b"]},"unevaluatedProperties":{"type":"object"}}',
    '{"dependencies":{"a":["a","b"]},"unevaluatedProperties":{"type":"object"}}',
  ],
  // Which members are evaluated counts beside `unevaluated…`, not what their schemas say.
  [
    '2020-12',
    '{"patternProperties":{"^a":{"maxLength":2}},"unevaluatedProperties":false}',
    '{"patternProperties":{"^a":{"maxLength":1}},"unevaluatedProperties":false}',
    undefined,
    'LIMIT_NARROWED /patternProperties/^a/maxLength /patternProperties/^a',
  ],
  [
    '2020-12',
    '{"patternProperties":{"^a":{"propertyNames":{}}},"if":{"required":["c"]},"then":{"properties":{"c":{}}},"unevaluatedProperties":false}',
    '{"patternProperties":{"^a":{"propertyNames":{"maxLength":1}}},"if":{"required":["c"]},"then":{"properties":{"c":{"type":"string"}}},"unevaluatedProperties":false}',
    undefined,
    'CONDITION_CHANGED /then ',
  ],
  [
    '2019-09',
    '{"anyOf":[{"patternProperties":{"^a":{"type":"number"}},"required":["x"]},{"patternProperties":{"^b":{}}}],"unevaluatedProperties":{"type":["string","null"]}}',
    '{"anyOf":[{"patternProperties":{"^a":{"type":"integer"}},"required":["x"]},{"patternProperties":{"^b":{}}}],"unevaluatedProperties":{"type":"string"}}',
    undefined,
    'TYPE_NARROWED /unevaluatedProperties/type /anyOf/0/patternProperties/^a',
  ],
  // A branch that takes fewer values evaluates less.
  [
    '2019-09',
    '{"anyOf":[{"patternProperties":{"^a":{}},"required":["x"]},{}],"unevaluatedProperties":false}',
    '{"anyOf":[{"patternProperties":{"^a":{}}},{}],"unevaluatedProperties":false}',
    'ADDITIONAL_PROPERTIES_CLOSED /unevaluatedProperties /anyOf/0',
  ],
  [
    '2019-09',
    '{"if":{"required":["x"]},"else":{"patternProperties":{"":{}}},"unevaluatedProperties":false}',
    '{"if":{"required":["x","y"]},"else":{"patternProperties":{"":{}}},"unevaluatedProperties":false}',
    'ADDITIONAL_PROPERTIES_CLOSED /unevaluatedProperties ',
  ],
  [
    '2020-12',
    '{"properties":{"a":{}},"unevaluatedProperties":false}',
    '{"properties":{"a":{}},"dependentSchemas":{"a":{"properties":{"b":{}}}},"unevaluatedProperties":false}',
    'PROPERTY_DROPPED_FROM_CLOSED_SCHEMA  /additionalProperties',
  ],
  [
    '2019-09',
    '{"dependentSchemas":{"a":{"patternProperties":{"^a":{"maxLength":2}}},"b":{}},"unevaluatedProperties":false}',
    '{"dependentSchemas":{"a":{"patternProperties":{"^a":{"maxLength":1}}}},"unevaluatedProperties":false}',
    undefined,
    'CONDITION_CHANGED /dependentSchemas ',
  ],
  [
    '2020-12',
    '{"contains":{"type":"number"},"minContains":0,"unevaluatedItems":{"type":"string"}}',
    '{"contains":{"type":"integer"},"unevaluatedItems":{"type":"string"}}',
    undefined,
    'CONDITION_CHANGED /contains ',
  ],
];

for (const [draft, one, other, replacing, replaced] of rows) {
  test(`draft ${draft}: ${one} after ${other}`, () => {
    const first = (found: string[]) => found[0];
    assert.equal(first(faults(draft, one, other)), replacing);
    assert.equal(first(faults(draft, other, one)), replaced);
  });
}

test('a reference that depends on where it came from is compatible only in an unchanged definition', () => {
  const tree = (type: string, title?: string) =>
    JSON.stringify({
      ...{ $dynamicAnchor: 'node', title },
      properties: { next: { $dynamicRef: '#node' }, value: { type } },
    });
  assert.deepEqual(faults('2020-12', tree('string', 'x'), tree('string')), []);
  assert.notDeepEqual(faults('2020-12', tree('number'), tree('integer')), []);
});

test('a comparison of too many combinations of conditions ends with a reason', () => {
  const schema = (length: number) =>
    JSON.stringify({
      allOf: Array.from({ length: 40 }, (_, index) => ({
        if: { properties: { kind: { const: `${index}` } } },
        // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema.
        then: { properties: { [`p${index}`]: { minLength: length } }, required: [`p${index}`] },
      })),
    });
  const found = faults('07', schema(1), schema(0));
  assert.ok(found.some((fault) => fault.startsWith('TOO_COMPLEX')));
  assert.deepEqual(faults('07', schema(0), schema(0)), []);
});

test('looking up the names of others in many schemas that apply together counts as work', () => {
  const schema = (count: number, maxLength: number, others: object) => {
    const names = Array.from({ length: count }, (_, index) => index);
    const dependent = (index: number) => ({
      properties: { [`q${index}`]: { maxLength } },
      required: [`q${index}`],
      ...others,
    });
    return JSON.stringify({
      type: 'object',
      required: names.map((index) => `p${index}`),
      dependencies: Object.fromEntries(names.map((index) => [`p${index}`, dependent(index)])),
    });
  };
  // It changes nothing, but with it the names that only other schemas declare are compared too.
  const others = { patternProperties: {} };
  assert.deepEqual(faults('07', schema(155, 4, {}), schema(155, 3, {})), []);
  assert.deepEqual(faults('07', schema(100, 4, others), schema(100, 3, others)), []);
  // Without the lookups it would be within the limit of work, and take a time that grows with the third power.
  assert.notDeepEqual(faults('07', schema(155, 4, others), schema(155, 3, others)), []);
});

test('many schemas that apply together can each declare many names', () => {
  const schema = (maxLength: number) => {
    const parts = Array.from({ length: 60 }, (_, part) => {
      const names = Array.from({ length: 60 }, (_, name) => `m${part}_${name}`);
      const properties = names.map((name, index) => [name, { maxLength: index ? 3 : maxLength }]);
      return { properties: Object.fromEntries(properties) };
    });
    return JSON.stringify({ type: 'object', allOf: parts });
  };
  assert.deepEqual(faults('07', schema(4), schema(3)), []);
});
