import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { canonicalAvro } from './canonical-avro.ts';

const order = {
  type: 'record',
  name: 'Order',
  namespace: 'order.v1',
  doc: 'an order',
  aliases: ['Purchase', 'Sale'],
  fields: [
    { name: 'id', type: { type: 'string', logicalType: 'uuid' }, aliases: ['key'] },
    { name: 'weight', type: 'double', default: 100 },
    { name: 'note', type: ['null', 'string'], default: null, doc: 'free text' },
    { name: 'kind', type: { type: 'enum', name: 'Kind', symbols: ['A', 'B'], default: 'A' } },
    { name: 'again', type: 'Kind', order: 'ignore' },
    { name: 'tags', type: { type: 'array', items: 'string' }, source: { b: 1, a: [2] } },
  ],
};
const text = JSON.stringify(order);
const canonical = canonicalAvro(text);

for (const [what, other] of [
  ['white space', JSON.stringify(order, undefined, 2)],
  ['the order of keys', JSON.stringify(reverseKeys(order))],
  ['a comment', `// for the reviewer\n${text}`],
  ['how a number is written', text.replace('"default":100', '"default":1.00e2')],
  ['a number of a double given as a text', text.replace('"default":100', '"default":"100.0"')],
  ['an escape', text.replace('an order', 'an \\u006frder')],
  [
    'a qualified name',
    text.replace('"name":"Order","namespace":"order.v1"', '"name":"order.v1.Order"'),
  ],
  ['a qualified reference', text.replace('"type":"Kind"', '"type":"order.v1.Kind"')],
  ['a qualified alias', text.replace('"Purchase"', '"order.v1.Purchase"')],
  ['the order of aliases', text.replace('["Purchase","Sale"]', '["Sale","Purchase"]')],
  ['the default order spelled out', text.replace('"name":"id"', '"order":"ascending","name":"id"')],
  ['a primitive as an object', text.replace('"items":"string"', '"items":{"type":"string"}')],
  ['the name of an array', text.replace('"type":"array"', '"type":"array","name":"tag_list"')],
]) {
  test(`definitions that differ in ${what} are one version`, () => {
    assert.notEqual(other, text);
    assert.equal(canonicalAvro(other ?? ''), canonical);
  });
}

for (const [what, other] of [
  ['a default', text.replace('"default":100', '"default":101')],
  ['the absence of a default', text.replace(',"default":100', '')],
  ['the default of an enum', text.replace('"default":"A"', '"default":"B"')],
  ['an alias', text.replace('["key"]', '["keys"]')],
  ['the doc', text.replace('an order', 'the order')],
  ['a logical type', text.replace('"uuid"', '"guid"')],
  ['a custom attribute', text.replace('[2]', '[3]')],
  ['the order of symbols', text.replace('["A","B"]', '["B","A"]')],
  ['the order of a union', text.replace('["null","string"],"default":null', '["string","null"]')],
  [
    'the order of fields',
    JSON.stringify({ ...order, fields: [order.fields.at(-1), ...order.fields.slice(0, -1)] }),
  ],
  ['the namespace', text.replace('order.v1', 'order.v2')],
  ['the sort order', text.replace('"ignore"', '"descending"')],
]) {
  test(`definitions that differ in ${what} are two versions`, () => {
    assert.notEqual(canonicalAvro(other ?? ''), canonical);
  });
}

test('defaults beyond 2^53 are distinguished', () => {
  const long = (value: string) =>
    `{"type":"record","name":"R","fields":[{"name":"f","type":"long","default":${value}}]}`;
  assert.notEqual(canonicalAvro(long('9007199254740993')), canonicalAvro(long('9007199254740992')));
});

test('every schema of the vectors keeps its canonical text when its keys are shuffled', () => {
  const vectors = new URL('../../vectors/avro-compat/pairs.jsonl', import.meta.url);
  const schemas = readFileSync(vectors, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => (JSON.parse(line) as { newSchema: string }).newSchema);
  fc.assert(
    fc.property(fc.constantFrom(...schemas), fc.integer({ min: 0, max: 4 }), (schema, indent) => {
      const other = JSON.stringify(reverseKeys(JSON.parse(schema)), undefined, indent);
      assert.equal(canonicalAvro(other), canonicalAvro(schema));
    }),
    { numRuns: 320 },
  );
});

function reverseKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reverseKeys);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, member]) => [key, reverseKeys(member)])
      .reverse(),
  );
}
