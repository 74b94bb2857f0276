import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { toOrderEvent } from './order-event.ts';
import { WrongOrderError } from './wrong-order.ts';

const request = { user_id: 'dicxa', order_items: [{ product_id: 5947, quantity: 8 }] };
const newId = () => '00000000-0000-4000-8000-000000000000';

function faultsOf(change: object) {
  try {
    toOrderEvent({ ...request, ...change }, 0, newId);
    return [];
  } catch (error) {
    assert.ok(error instanceof WrongOrderError);
    return error.faults.map(({ pointer, code }) => `${pointer} ${code}`);
  }
}

test('an order id gives one key in upper and lower case', () => {
  const order_id = '53263C42-81B3-4A53-8067-FCDB44FA5479';
  const event = toOrderEvent({ ...request, order_id }, 0, newId);
  assert.equal(event.order_id, order_id.toLowerCase());
});

test('a missing id is generated, and a missing time is the acceptance time', () => {
  const event = toOrderEvent(request, 1_680_745_813_045, newId);
  assert.equal(event.order_id, newId());
  assert.equal(event.ordered_at, 1_680_745_813_045);
});

test('ordered_at is accepted as epoch milliseconds or as ISO 8601', () => {
  for (const ordered_at of [1_680_745_813_045, '2023-04-06T01:50:13.045Z'])
    assert.equal(toOrderEvent({ ...request, ordered_at }, 0, newId).ordered_at, 1_680_745_813_045);
  assert.equal(
    toOrderEvent({ ...request, ordered_at: '2023-04-06T03:50:13.045+02:00' }, 0, newId).ordered_at,
    1_680_745_813_045,
  );
});

test('an integer sent as a string keeps every digit: a number when safe, else a bigint', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 1n, max: 2n ** 63n - 1n }), (value) => {
      const items = [{ product_id: String(value), quantity: String(value) }];
      const event = toOrderEvent({ ...request, order_items: items }, 0, newId);
      const { product_id, quantity } = event.order_items[0] as {
        product_id: number | bigint;
        quantity: number | bigint;
      };
      assert.equal(String(product_id), String(value));
      assert.equal(String(quantity), String(value));
      assert.equal(typeof product_id, value <= 2n ** 53n - 1n ? 'number' : 'bigint');
    }),
  );
});

test('integers beyond 64 bits and quantities below 1 are reported by field', () => {
  assert.deepEqual(
    faultsOf({ order_items: [{ product_id: '9223372036854775808', quantity: '0' }] }),
    ['/order_items/0/product_id out-of-range', '/order_items/0/quantity out-of-range'],
  );
});

test('text that UTF-8 cannot encode is rejected, not replaced', () => {
  assert.deepEqual(faultsOf({ user_id: 'a\ud800' }), ['/user_id not-unicode']);
  assert.deepEqual(faultsOf({ user_id: 'a\u{1f600}' }), []);
});

test('a date-time that Date does not support is reported, not changed', () => {
  for (const ordered_at of [
    '2016-12-31T23:59:60Z',
    '2023-01-01T00:00:00+01',
    '0000-12-31T23:59:59Z',
    '9999-12-31T23:59:59-01:00',
  ])
    assert.deepEqual(faultsOf({ ordered_at }), ['/ordered_at out-of-range']);
});
