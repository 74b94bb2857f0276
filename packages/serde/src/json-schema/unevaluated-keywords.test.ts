import assert from 'node:assert/strict';
import { test } from 'node:test';
import { drawJsonValue } from '../testing/draw-json-value.ts';
import { drawUnevaluated } from '../testing/draw-unevaluated.ts';
import { evaluateJsonSchema } from '../testing/evaluate-json-schema.ts';
import { seededRandom } from '../testing/seeded-random.ts';
import { compileJsonSchema } from './index.ts';

const first = 1;
const schemas = 150;

const either = '"anyOf":[true,{"type":"string","properties":{"a":{}}}]';
const older = '{"$schema":"https://json-schema.org/draft/2019-09/schema","contains":{"const":1}}';

const cases: [title: string, schema: string, matching: unknown, mismatching: unknown][] = [
  [
    'patterns beside a branch that no value matches',
    `{"patternProperties":{"^a":{}},${either},"unevaluatedProperties":false}`,
    { a: {} },
    { b: {} },
  ],
  ['items of contains', '{"contains":{"const":1},"unevaluatedItems":false}', [1, 1], [1, 2]],
  [
    'items of contains, more than minContains',
    '{"contains":{"const":1},"minContains":1,"maxContains":2,"unevaluatedItems":{"const":2}}',
    [2, 1, 1],
    [1, 1, 1],
  ],
  [
    'contains of a referenced schema of draft 2019-09, which evaluates nothing',
    '{"$ref":"older.json","unevaluatedItems":{"const":2},"prefixItems":[true]}',
    [1, 2],
    [2, 1],
  ],
  [
    'if without then and else',
    '{"if":{"properties":{"a":{"const":1}}},"unevaluatedProperties":false}',
    { a: 1 },
    { a: 2 },
  ],
  [
    'a name that every object inherits',
    '{"patternProperties":{"^a":true},"unevaluatedProperties":false}',
    { a: 1 },
    { toString: 1 },
  ],
  [
    'integers beyond 2^53',
    '{"anyOf":[{"properties":{"a":{"const":9007199254740993}}}],"unevaluatedProperties":false}',
    { a: 9007199254740993n },
    { a: 9007199254740992n },
  ],
];

for (const [title, schema, matching, mismatching] of cases) {
  test(`unevaluated keywords: ${title}`, () => {
    const references = [{ name: 'older.json', definition: older }];
    const codec = compileJsonSchema(schema, { draft: '2020-12' }, references);
    assert.ok(codec.encode(matching, Buffer.alloc(100), 0) > 0);
    assert.throws(() => codec.encode(mismatching, Buffer.alloc(100), 0), {
      code: 'schema-mismatch',
    });
  });
}

test('unevaluated keywords beside any other keyword decide as the rules for annotations', () => {
  let matches = 0;
  const target = Buffer.alloc(10_000);
  for (let seed = first; seed < first + schemas; seed += 1) {
    const random = seededRandom(seed);
    const draft = random.pick(['2019-09', '2020-12'] as const);
    const schema = drawUnevaluated(random, draft);
    const codec = compileJsonSchema(JSON.stringify(schema));
    for (let count = 0; count < 20; count += 1) {
      const value = drawJsonValue(random, schema);
      const expected = evaluateJsonSchema(schema, draft, value);
      let found = true;
      try {
        codec.encode(value, target, 0);
      } catch (error) {
        if ((error as { code?: string }).code !== 'schema-mismatch') throw error;
        found = false;
      }
      const shown = () => `seed ${seed}: ${JSON.stringify({ schema, value })}`;
      if (found !== expected) assert.equal(found, expected, shown());
      matches += Number(expected);
    }
  }
  assert.ok(matches > schemas, `${matches} values match`);
});
