import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { KafkaMessage } from 'kafkajs';
import type { Delivery, WriterSchema } from '../../delivery.ts';
import { recordAt } from '../testing/record-at.ts';
import { createItemChanges, type ItemChangeOptions } from './item-change.ts';
import { ItemRejectedError } from './item-rejected.ts';
import { itemBytes, maxItemBytes } from './item-size.ts';

const anyJson: WriterSchema = { dataFormat: 'JSON', definition: '{}' };

const record = (fields: Partial<KafkaMessage> = {}) =>
  recordAt(41, { key: Buffer.from('{"order_id": "1"}'), value: Buffer.from('…'), ...fields });

const delivery = (value: unknown, schema: WriterSchema | undefined = anyJson): Delivery => ({
  record: record(),
  value,
  schema,
});

const changesOf = (options: Partial<ItemChangeOptions> = {}) => {
  const changeOf = createItemChanges({
    key: 'order_id',
    tombstoneKey: '/order_id',
    tombstones: 'ignore',
    ...options,
  });
  return (one: Delivery) => changeOf(one, 'orders', 3);
};

const position = {
  _topic: { S: 'orders' },
  _partition: { N: '3' },
  _offset: { N: '41' },
  _timestamp: { N: '1680745813045' },
};

test('S1-05 the item is the decoded value with the position of its record', () => {
  const change = changesOf()(delivery({ order_id: 'a', total: 2n ** 63n - 1n }));
  assert.deepEqual(
    { ...change?.item },
    { order_id: { S: 'a' }, total: { N: '9223372036854775807' }, ...position },
  );
  assert.deepEqual(change?.key, { order_id: { S: 'a' } });
  assert.equal(change?.bytes, itemBytes(change?.item ?? {}));
});

test('S1-05 a replayed dead letter has the position of the rejected record', () => {
  const headers = {
    'orders.dlq.replayed': '1',
    'orders.dlq.topic': 'old',
    'orders.dlq.partition': '5',
    'orders.dlq.offset': '6',
    'orders.dlq.timestamp': '7',
  };
  const change = changesOf()({ ...delivery({ order_id: 'a' }), record: record({ headers }) });
  assert.deepEqual(change?.position, { topic: 'old', partition: 5, offset: 6n, timestamp: 7n });
  assert.deepEqual(change?.item?._topic, { S: 'old' });
  assert.deepEqual(change?.item?._offset, { N: '6' });
});

const nested = (levels: number): unknown => (levels === 0 ? 1 : { n: nested(levels - 1) });

/** The message names the place and the kind of the fault. */
const rejections: [string, unknown, RegExp][] = [
  ['no object', 5, /^the value: expected an object, got a value of the kind number$/],
  ['no key', {}, /^\/order_id: expected a text, a number or bytes, found nothing$/],
  ['a null key', { order_id: null }, /^\/order_id: .* got null$/],
  ['a boolean key', { order_id: true }, /^\/order_id: .* got a boolean$/],
  ['a list as key', { order_id: [] }, /^\/order_id: .* got a list$/],
  ['a map as key', { order_id: {} }, /^\/order_id: .* got a map$/],
  ['an empty key', { order_id: '' }, /^\/order_id: expected at least one byte/],
  ['empty bytes as key', { order_id: Buffer.alloc(0) }, /^\/order_id: expected at least one byte/],
  [
    'a long key',
    { order_id: 'ä'.repeat(1025) },
    /^\/order_id: expected at most 2048 bytes, got 2050$/,
  ],
  ['NaN', { order_id: 'a', x: [0, Number.NaN] }, /^\/\*\/1: expected a finite number/],
  ['infinity', { order_id: 'a', x: Number.POSITIVE_INFINITY }, /^\/\*: expected a finite number/],
  ['a large number', { order_id: 'a', x: 1e126 }, /^\/\*: expected 0 or a number from 1e-130/],
  ['39 digits', { order_id: 'a', x: 10n ** 38n + 1n }, /^\/\*: expected at most 38 .* got 39$/],
  ['a surrogate', { order_id: 'a', x: '\ud800' }, /^\/\*: expected Unicode text/],
  ['a surrogate in a name', { order_id: 'a', '\ud800': 1 }, /^\/\*: expected Unicode text/],
  ['an empty name', { order_id: 'a', x: { '': 1 } }, /^\/\*\/\*: expected a name/],
  ['33 levels', { order_id: 'a', x: nested(32) }, /: expected at most 32 levels/],
  ['a reserved name', { order_id: 'a', _offset: 1 }, /^\/_offset: expected another name/],
  [
    '401 KB',
    { order_id: 'a', x: 'x'.repeat(maxItemBytes) },
    /^the value: expected an item of at most 409600 bytes/,
  ],
];

for (const [what, value, message] of rejections)
  test(`S1-05 ${what} is rejected by the place of the fault, without content`, () => {
    const changeOf = changesOf();
    assert.throws(
      () => changeOf(delivery(value)),
      (error: Error) => {
        assert.ok(error instanceof ItemRejectedError);
        assert.match(error.message, message);
        return true;
      },
    );
    // The next records begin anew.
    assert.equal(changeOf(delivery({ order_id: 'next' }))?.identity, 'Snext');
    assert.throws(() => changeOf(delivery(value)), { message });
  });

test('S1-05 the largest item, the longest key and the deepest value are stored', () => {
  const changeOf = changesOf();
  const empty = changeOf(delivery({ order_id: 'a', x: '' }))?.bytes as number;
  const full = changeOf(delivery({ order_id: 'a', x: 'x'.repeat(maxItemBytes - empty) }));
  assert.equal(full?.bytes, maxItemBytes);
  assert.ok(changeOf(delivery({ order_id: 'ä'.repeat(1024) })));
  assert.ok(changeOf(delivery({ order_id: 'a', x: nested(31) })));
});

test('S1-05 a rejection names the fields of the schema, and its version', () => {
  const definition = JSON.stringify({
    type: 'record',
    name: 'Order',
    fields: [
      { name: 'order_id', type: 'string' },
      { name: 'rates', type: { type: 'map', values: { type: 'array', items: 'double' } } },
    ],
  });
  const schema: WriterSchema = { dataFormat: 'AVRO', definition, versionId: 'v1' };
  const value = { order_id: 'a', rates: { secret: [1, Number.NaN] } };
  assert.throws(() => changesOf()(delivery(value, schema)), {
    name: 'ItemRejectedError',
    message: '/rates/*/1: expected a finite number, got NaN or an infinity',
    schemaVersionId: 'v1',
  });
  const json: WriterSchema = {
    dataFormat: 'JSON',
    definition: '{"properties":{"rates":{"type":"object"}}}',
  };
  assert.throws(() => changesOf()(delivery(value, json)), /^ItemRejectedError: \/rates\/\*\/1: /);
});

const avro = (schema: unknown): WriterSchema => ({
  dataFormat: 'AVRO',
  definition: JSON.stringify(schema),
});
const avroRecord = (name: string, fields: Record<string, unknown>) => ({
  ...{ type: 'record', name },
  fields: Object.entries(fields).map(([name, type]) => ({ name, type })),
});

test('S1-05 a rejection names the exact field, whatever nested values come before it', () => {
  const address = avroRecord('Address', { city: 'string', height: 'double' });
  const order = avroRecord('Order', {
    order_id: 'string',
    address: avroRecord('Addresses', { first: address, second: 'Address' }),
    rates: { type: 'map', values: 'double' },
    list: { type: 'array', items: 'double' },
    total: 'double',
  });
  const json: WriterSchema = {
    dataFormat: 'JSON',
    definition: '{"properties":{"address":{"first":{"height":1}},"total":{}}}',
  };
  const value = (height: number, total: number) => {
    const [first, second] = [
      { city: 'a', height: 1 },
      { city: 'b', height },
    ];
    return { order_id: 'a', address: { first, second }, rates: { x: 1 }, list: [1, 2], total };
  };
  for (const [schema, place] of [
    [avro(order), /^\/address\/second\/height: /],
    [json, /^\/address\/\*\/height: /],
  ] as const) {
    assert.throws(() => changesOf()(delivery(value(Number.NaN, 1), schema)), { message: place });
    const total = delivery(value(1, Number.NaN), schema);
    assert.throws(() => changesOf()(total), { message: /^\/total: / });
  }
});

test('S1-05 a rejection names fields whose names Avro forbids, and never the keys of a map', () => {
  const odd = avro(avroRecord('Order', { order_id: 'string', 'unit price': 'double' }));
  const [order_id, wrong] = ['a', Number.NaN];
  assert.throws(() => changesOf()(delivery({ order_id, 'unit price': wrong }, odd)), {
    message: /^\/unit price: expected a finite number/,
  });
  const map = avro({ type: 'map', values: ['string', 'double'] });
  assert.throws(() => changesOf()(delivery({ order_id, secret: wrong }, map)), {
    message: /^\/\*: expected a finite number/,
  });
});

test('S1-05 the key is a text, a number or bytes, and equal keys are one item', () => {
  const changeOf = changesOf();
  const identity = (order_id: unknown) => changeOf(delivery({ order_id }))?.identity;
  assert.deepEqual(changeOf(delivery({ order_id: 5n }))?.key, { order_id: { N: '5' } });
  assert.deepEqual(changeOf(delivery({ order_id: Buffer.from('a') }))?.key, {
    order_id: { B: Buffer.from('a') },
  });
  assert.equal(identity(100), identity(100n));
  assert.equal(identity(1e21), identity(10n ** 21n));
  const distinct = ['1', 1, Buffer.from('1'), '1e0', 10, '10'].map(identity);
  assert.equal(new Set(distinct).size, distinct.length);
});

test('S1-05 a tombstone deletes the item that the record key names', () => {
  const tombstone = (key: string | null): Delivery => ({
    record: record({ key: key === null ? null : Buffer.from(key), value: null }),
    value: null,
    schema: undefined,
  });
  const changeOf = changesOf({ tombstones: 'delete' });
  const change = changeOf(tombstone('{"order_id": "a"}'));
  assert.deepEqual(change?.key, { order_id: { S: 'a' } });
  assert.equal(change?.item, undefined);
  assert.equal(change?.position.offset, 41n);
  assert.deepEqual(changeOf(tombstone('{"order_id": 9223372036854775807}'))?.key, {
    order_id: { N: '9223372036854775807' },
  });
  const nestedKey = changesOf({ tombstones: 'delete', tombstoneKey: '/payload/a~1b/0' });
  assert.equal(nestedKey(tombstone('{"payload":{"a/b":["x"]}}'))?.identity, 'Sx');
  for (const key of [
    'null',
    '1',
    '{"payload":null}',
    '{"payload":"a/b"}',
    '{"payload":{"a/b":[]}}',
  ])
    assert.throws(() => nestedKey(tombstone(key)), { name: 'ItemRejectedError' }, key);

  const unusable: [string | null, RegExp][] = [
    [null, /^deletion: record key: expected JSON, got null; see DYNAMODB_TOMBSTONE_KEY$/],
    ['plain text', /record key: expected JSON; see/],
    ['"text"', /record key at '\/order_id': expected a text, a number or bytes, found nothing/],
    ['{"order_id": null}', /at '\/order_id': .* got null/],
    ['{"order_id": true}', /at '\/order_id': .* got a boolean/],
    ['{"order_id": ["secret"]}', /at '\/order_id': .* got a list/],
    ['{"order_id": ""}', /at '\/order_id': expected at least one byte/],
    ['{"order_id": 1e200}', /at '\/order_id': .* found nothing/],
  ];
  for (const [key, message] of unusable)
    assert.throws(() => changeOf(tombstone(key)), { name: 'ItemRejectedError', message });
});

test('S1-05 a tombstone whose key was decoded by its registry deletes the item that the key names', () => {
  const tombstone = (key: unknown): Delivery => ({
    record: record({ key: Buffer.from([3, 0]), value: null }),
    value: null,
    schema: undefined,
    key: { value: key, schema: anyJson },
  });
  const changeOf = changesOf({ tombstones: 'delete', tombstoneKey: '/id' });
  assert.deepEqual(changeOf(tombstone({ id: 2n ** 62n }))?.key, {
    order_id: { N: '4611686018427387904' },
  });
  assert.throws(() => changeOf(tombstone({ other: 1 })), { name: 'ItemRejectedError' });
  assert.throws(() => changeOf(tombstone(null)), { name: 'ItemRejectedError' });
});

test('S1-05 S2-05 a record that Debezium marked as deleted follows TOMBSTONES', () => {
  const value = (mark: unknown) => ({ order_id: 'a', rate: Number.NaN, __deleted: mark });
  for (const mark of ['true', true]) {
    assert.equal(changesOf({ tombstones: 'ignore' })(delivery(value(mark))), undefined);
    const deletion = changesOf({ tombstones: 'delete' })(delivery(value(mark)));
    assert.deepEqual(deletion?.key, { order_id: { S: 'a' } });
    assert.equal(deletion?.item, undefined);
    assert.throws(() => changesOf({ tombstones: 'dlq' })(delivery(value(mark))), {
      name: 'ItemRejectedError',
      message: '/__deleted: the record is a deletion, and TOMBSTONES is dlq',
    });
  }
  const keyless = changesOf({ tombstones: 'delete' });
  assert.equal(keyless(delivery(value(true)))?.bytes, 0);
  const nan = delivery({ order_id: 'a', __deleted: 'false', x: Number.NaN });
  assert.throws(() => keyless(nan), /^ItemRejectedError: \/\*: expected a finite number/);
  assert.throws(() => keyless(delivery({ __deleted: 'true' })), /\/order_id: .* found nothing/);
  for (const mark of ['false', false, null, 'yes', 1]) {
    const kept = changesOf({ tombstones: 'delete' })(delivery({ order_id: 'a', __deleted: mark }));
    assert.ok(kept?.item?.__deleted, String(mark));
  }
});
