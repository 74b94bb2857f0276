import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inlineReferences } from './references.ts';

const record = (name: string, fields: Record<string, unknown>, more: object = {}) => ({
  type: 'record',
  name,
  ...more,
  fields: Object.entries(fields).map(([field, type]) => ({ name: field, type })),
});
const inlined = (definition: unknown, ...references: unknown[]) =>
  JSON.parse(
    inlineReferences(
      JSON.stringify(definition),
      references.map((reference) => ({ definition: JSON.stringify(reference) })),
    ),
  );

test('without references the text stays byte for byte', () => {
  assert.equal(inlineReferences('{ "type" : "string" }', []), '{ "type" : "string" }');
});

test('the first use of a name becomes its definition, later uses stay names', () => {
  const item = record('Item', { id: 'long' }, { namespace: 'a' });
  const order = record('Order', {
    one: 'a.Item',
    more: { type: 'array', items: ['null', 'a.Item'] },
  });
  assert.deepEqual(
    inlined(order, item),
    record('Order', { one: item, more: { type: 'array', items: ['null', 'a.Item'] } }),
  );
});

test('names are relative to their enclosing namespace, also inside referenced schemas', () => {
  const money = record('Money', { cents: 'long' }, { namespace: 'a' });
  const item = record('Item', { price: 'Money' }, { namespace: 'a' });
  const order = record('Order', { item: 'Item', money: 'Money' }, { namespace: 'a' });
  assert.deepEqual(
    inlined(order, money, item),
    record(
      'Order',
      { item: record('Item', { price: money }, { namespace: 'a' }), money: 'Money' },
      { namespace: 'a' },
    ),
  );
});

test('a type that is defined inside another is found and defined once', () => {
  const color = { type: 'enum', name: 'Color', symbols: ['RED'] };
  const item = record('Item', { color }, { namespace: 'a' });
  const order = record('Order', { color: 'a.Color', item: 'a.Item' });
  assert.deepEqual(
    inlined(order, item),
    record('Order', {
      color: { ...color, namespace: 'a' },
      item: record('Item', { color: 'a.Color' }, { namespace: 'a' }),
    }),
  );
});

test('numbers keep all their digits', () => {
  const text =
    '{"type":"record","name":"R","fields":[{"name":"n","type":"long","default":9223372036854775807}]}';
  assert.equal(inlineReferences(text, [{ definition: '"string"' }]), text);
});

test('a reference that is not JSON is an invalid schema', () => {
  assert.throws(() => inlineReferences('"string"', [{ definition: '{' }]), {
    code: 'invalid-schema',
  });
});
