import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Delivery } from '../../delivery.ts';
import { recordAt } from '../testing/record-at.ts';
import { createItemChanges, type ItemChange, type ItemChangeOptions } from './item-change.ts';

const source = { version: '3.6.1.Final', connector: 'postgresql', name: 'ord' };
const placeholder = '__debezium_unavailable_value';

const envelope = (op: string, rows: { before?: unknown; after?: unknown }): unknown => ({
  ...{ op, before: null, after: null, source },
  ...rows,
});

function change(
  value: unknown,
  options: Partial<ItemChangeOptions> = {},
  key = '{"id":5}',
): ItemChange | undefined {
  const changeOf = createItemChanges({
    ...{ key: 'id', tombstoneKey: '/id', tombstones: 'delete' },
    ...options,
  });
  const delivery: Delivery = {
    record: recordAt(41, { key: Buffer.from(key), value: Buffer.from('…') }),
    value,
    schema: { dataFormat: 'JSON', definition: '{}' },
  };
  return changeOf(delivery, 'ord.ods.t', 0);
}

test('S2-05 an insert, an update and a row of a snapshot store the row after the change', () => {
  for (const op of ['c', 'u', 'r']) {
    const stored = change(envelope(op, { before: { id: 5, n: 1 }, after: { id: 5, n: 2 } }));
    assert.deepEqual(stored?.key, { id: { N: '5' } });
    const { _topic, _partition, _offset, _timestamp, ...item } = stored?.item ?? {};
    assert.deepEqual(item, { id: { N: '5' }, n: { N: '2' } });
    assert.deepEqual(_offset, { N: '41' });
  }
});

test('S2-05 a delete of an envelope follows TOMBSTONES', () => {
  const event = envelope('d', { before: { id: 5 } });
  assert.equal(change(event, { tombstones: 'ignore' }), undefined);
  assert.deepEqual(change(event)?.key, { id: { N: '5' } });
  assert.equal(change(event)?.item, undefined);
  assert.throws(() => change(event, { tombstones: 'dlq' }), {
    name: 'ItemRejectedError',
    message: '/op: the record is a deletion, and TOMBSTONES is dlq',
  });
});

test('S2-05 a delete takes the key from the record key if the row before has none', () => {
  for (const before of [null, { n: 1 }, { id: null }])
    assert.deepEqual(change(envelope('d', { before }))?.key, { id: { N: '5' } });
  const other = { key: 'name', tombstoneKey: '/name' };
  const event = envelope('d', { before: { id: 5, name: null } });
  assert.deepEqual(change(event, other, '{"name":"a"}')?.key, { name: { S: 'a' } });
  assert.throws(() => change(event, other), {
    name: 'ItemRejectedError',
    message: /^deletion: record key at '\/name': .* found nothing/,
  });
  const list = envelope('d', { before: { id: [1] } });
  assert.throws(() => change(list), { message: /^\/before\/id: .* got a list$/ });
});

test('S2-05 truncated tables and messages are rejected, because they change no row', () => {
  assert.throws(() => change(envelope('t', {})), {
    name: 'ItemRejectedError',
    message: /^\/op: expected the change of a row, got the truncation of a table/,
  });
  const message = { op: 'm', source, message: { prefix: 'p', content: 'secret' } };
  assert.throws(() => change(message), {
    name: 'ItemRejectedError',
    message: '/op: expected the change of a row, got a message of the database',
  });
});

test('S2-05 a rejected row is named by its place in the envelope', () => {
  const row = { id: 5, n: Number.NaN };
  assert.throws(() => change(envelope('u', { after: row })), { message: /^\/after\/\*: .*NaN/ });
  assert.throws(() => change(envelope('u', {})), { message: '/after: expected a row, got null' });
  // The place does not stay for the next record.
  assert.throws(() => change(row), { message: /^\/\*: .*NaN/ });
});

test('S2-05 a row without the value of an unchanged TOAST column is rejected, in an envelope and flat', () => {
  const row = { id: 5, note: placeholder };
  for (const value of [envelope('u', { after: row }), row])
    assert.throws(() => change(value), {
      name: 'ItemRejectedError',
      message:
        /: Debezium has no value, because the update left a TOAST column as it is; set REPLICA/,
    });
  // A deletion needs no other column than the key.
  assert.ok(change(envelope('d', { before: row })));
  assert.ok(change({ ...row, __deleted: 'true' }));
});

test('S2-05 a value that only has a member called after is an item as it is', () => {
  const stored = change({ id: 5, op: 'u', before: null, after: { id: 6 } });
  assert.deepEqual(stored?.key, { id: { N: '5' } });
  assert.ok(stored?.item?.after?.M);
});
