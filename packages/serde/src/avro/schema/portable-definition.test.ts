import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileAvro } from '../avro.ts';
import { portableDefinition } from './portable-definition.ts';

const portable = (definition: unknown, ...references: unknown[]) =>
  JSON.parse(
    portableDefinition(
      JSON.stringify(definition),
      references.map((reference) => ({ definition: JSON.stringify(reference) })),
    ),
  );
const record = (name: string, fields: object[], more: object = {}) => ({
  type: 'record',
  name,
  ...more,
  fields,
});

test('S2-07 a definition with names that the specification allows stays byte for byte', () => {
  const text = '{ "type":"record", "name" : "a_xb_c", "namespace":"", "fields": [] }';
  assert.equal(portableDefinition(text), text);
});

test('S2-07 the namespace `Order V1` is escaped everywhere, and attributes and defaults stay', () => {
  const order = record(
    'Order',
    [
      { name: 'item', type: record('Item', [{ name: 'n', type: 'long', default: 2 }]) },
      { name: 'same', type: ['null', 'Order V1.Item'], default: null },
      { name: 'items', type: { type: 'array', items: 'Item' } },
    ],
    { namespace: 'Order V1', compatibility: 'BACKWARD', aliases: ['Old V0.Order'] },
  );
  assert.deepEqual(
    portable(order),
    record(
      'Order',
      [
        { name: 'item', type: record('Item', [{ name: 'n', type: 'long', default: 2 }]) },
        { name: 'same', type: ['null', 'Order_x20_V1.Item'], default: null },
        { name: 'items', type: { type: 'array', items: 'Order_x20_V1.Item' } },
      ],
      {
        namespace: 'Order_x20_V1',
        compatibility: 'BACKWARD',
        aliases: ['Old_x20_V0.Order'],
      },
    ),
  );
});

test('names of fields and symbols are escaped, and then no field keeps a default', () => {
  const suit = { type: 'enum', name: 'Suit', symbols: ['♥', 'SPADES'], default: '♥' };
  const order = record('R', [
    { name: 'first name', type: suit, default: '♥' },
    { name: 'n', type: 'int', default: 1 },
  ]);
  assert.deepEqual(
    portable(order),
    record('R', [
      {
        name: 'first_x20_name',
        type: { ...suit, symbols: ['_x2665_', 'SPADES'], default: '_x2665_' },
      },
      { name: 'n', type: 'int' },
    ]),
  );
});

test('S2-07 referenced schemas are written out, and values are read by the portable definition', () => {
  const item = record('Item', [{ name: 'price', type: 'double' }], { namespace: 'The Items' });
  const order = record('Order', [
    { name: 'items', type: { type: 'map', values: 'The Items.Item' } },
    { name: 'first', type: 'The Items.Item' },
  ]);
  const references = [{ name: 'i', subject: 's', version: 1, definition: JSON.stringify(item) }];
  const value = { items: { a: { price: 1.5 } }, first: { price: 2 } };
  const bytes = Buffer.alloc(100);
  const end = compileAvro(JSON.stringify(order), { references }).encode(value, bytes, 0);
  const definition = portableDefinition(JSON.stringify(order), references);
  assert.match(definition, /"namespace":"The_x20_Items"/);
  assert.deepEqual(compileAvro(definition).decode(bytes.subarray(0, end), 0), value);
});

test('forms that only Java reads become those of the specification', () => {
  const inner = record('Inner', [{ name: 'n', type: 'int' }]);
  const part = (type: unknown) => record('Part', [{ name: 'c', type }], { namespace: 'o' });
  const outer = (name: string, type: unknown) =>
    record(name, [
      { name: 'a', type },
      { name: 'b', type: part('Inner') },
    ]);
  // Only Java resolves `Inner` inside the namespace `o`.
  assert.deepEqual(
    portable(outer('R', inner)),
    record(
      'R',
      [
        { name: 'a', type: inner },
        { name: 'b', type: part('_.Inner') },
      ],
      { namespace: '_' },
    ),
  );
  const taken = [
    ...outer('R', inner).fields,
    { name: 'c', type: record('Inner', [], { namespace: '_' }) },
  ];
  assert.equal(portable(record('R', taken)).namespace, '__', 'no type has the same full name');
  const field = (type: unknown, more: object = {}) => record('R', [{ name: 'a', type, ...more }]);
  assert.deepEqual(
    portable(field({ type: { type: 'int', own: [1] } })),
    field({ type: 'int', own: [1] }),
  );
  assert.deepEqual(portable(field('int', { order: 'IGNORE' })), field('int', { order: 'IGNORE' }));
  assert.deepEqual(
    portable(field('double', { default: '1.5' })),
    field('double', { default: 1.5 }),
  );
  assert.deepEqual(portable(field('double', { default: 'NaN' })), field('double'));
  assert.deepEqual(portable(field(['null', 'int'], { default: 1 })), field(['null', 'int']));
  const status = { type: 'enum', name: 'E', symbols: ['A'] };
  for (const ignored of [null, 1, ['A']])
    assert.deepEqual(portable({ ...status, default: ignored }), status);
  assert.equal(portableDefinition('/* a */ {"type": "int"}'), '"int"');
  assert.throws(() => portableDefinition('{"type":"record","name":"a-b","fields":[]}'), {
    code: 'invalid-schema',
  });
});
