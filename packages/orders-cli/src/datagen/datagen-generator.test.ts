import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createDatagen } from './datagen-generator.ts';

test('S3-06 each order names an acknowledged customer, and the oldest are forgotten', () => {
  const datagen = createDatagen('seed', 3);
  assert.equal(datagen.order(), undefined);
  const known: string[] = [];
  for (let step = 0; step < 50; step++) {
    const customer = datagen.customer();
    // Every third is not acknowledged.
    if (step % 3 !== 2) {
      datagen.acknowledged(customer);
      known.push(customer.key);
    }
    for (let order = 0; order < 5; order++)
      assert.ok(known.slice(-3).includes(datagen.order()?.value.customer_id as string));
  }
});

test('all customers of the history are chosen', () => {
  const datagen = createDatagen('seed', 20);
  const keys = new Set<string>();
  for (let step = 0; step < 33; step++) {
    const customer = datagen.customer();
    datagen.acknowledged(customer);
    if (step >= 13) keys.add(customer.key);
  }
  const chosen = new Set(Array.from({ length: 2_000 }, () => datagen.order()?.value.customer_id));
  assert.deepEqual(chosen, keys);
});

test('S3-05 the values are those of the settings of the reference, all of them text', () => {
  const datagen = createDatagen('seed', 1_000);
  for (let step = 0; step < 500; step++) {
    const customer = datagen.customer();
    datagen.acknowledged(customer);
    assert.match(customer.key, /^\d{9}[\dX]$/);
    const weights = [...customer.key].map((digit) => (digit === 'X' ? 10 : Number(digit)));
    assert.equal(weights.reduce((sum, digit, index) => sum + digit * (10 - index), 0) % 11, 0);
    assert.match(customer.value.name as string, /^\p{L}+ \p{L}+$/u);
    const order = datagen.order();
    assert.match(order?.key as string, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-/);
    assert.deepEqual(Object.keys(order?.value ?? {}), ['quantity', 'product_id', 'customer_id']);
    assert.match(order?.value.quantity as string, /^[1-4]$/);
    assert.match(order?.value.product_id as string, /^10[1-8]$/);
  }
});

test('a seed makes the same records again', () => {
  const records = (seed: string) => {
    const datagen = createDatagen(seed, 10);
    return Array.from({ length: 30 }, () => {
      const customer = datagen.customer();
      datagen.acknowledged(customer);
      return [customer, datagen.order()];
    });
  };
  assert.deepEqual(records('one'), records('one'));
  assert.notDeepEqual(records('one'), records('another'));
});
