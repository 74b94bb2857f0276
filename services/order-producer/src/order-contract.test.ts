import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { compileAvro } from '@order-stream/serde';
import fc from 'fast-check';
import { Check } from 'typebox/value';
import { newestOrderSchema } from './newest-order-schema.ts';
import { toOrderEvent } from './order-event.ts';
import {
  earliestOrderMs,
  latestOrderMs,
  type OrderRequest,
  orderRequestSchema,
} from './order-request.ts';

const definition = newestOrderSchema();
const avro = JSON.parse(definition);

test('S0-01 the order equals the reference system’s order, with a legal name', () => {
  const items = [
    { name: 'product_id', type: 'long' },
    { name: 'quantity', type: 'long' },
  ];
  const first = new URL('../../../schemas/order.v1.avsc', import.meta.url);
  assert.deepEqual(JSON.parse(readFileSync(first, 'utf8')), {
    type: 'record',
    name: 'Order',
    namespace: 'order.v1',
    doc: 'Online fake order item',
    fields: [
      { name: 'order_id', type: 'string' },
      { name: 'ordered_at', type: { type: 'long', logicalType: 'timestamp-millis' } },
      { name: 'user_id', type: 'string' },
      {
        name: 'order_items',
        type: { type: 'array', items: { type: 'record', name: 'OrderItem', fields: items } },
      },
    ],
  });
});

test('S0-01 the request and the newest schema have the same fields', () => {
  const names = (fields: { name: string }[]) => fields.map(({ name }) => name).sort();
  const request = orderRequestSchema.properties;
  assert.deepEqual(Object.keys(request).sort(), names(avro.fields));
  assert.deepEqual(
    Object.keys(request.order_items.items.properties).sort(),
    names(avro.fields[3].type.items.fields),
  );
});

const int64 = (min: bigint) =>
  fc.oneof(
    fc.integer({ min: Number(min), max: Number.MAX_SAFE_INTEGER }),
    fc.bigInt({ min, max: 2n ** 63n - 1n }).map(String),
  );
const requests: fc.Arbitrary<OrderRequest> = fc.record(
  {
    order_id: fc.uuid(),
    ordered_at: fc.oneof(
      fc.integer({ min: earliestOrderMs, max: latestOrderMs }),
      fc
        .date({ noInvalidDate: true, min: new Date(0), max: new Date('2999-12-31') })
        .map((date) => date.toISOString()),
      fc
        .date({ noInvalidDate: true, min: new Date(0), max: new Date('2999-12-31') })
        .map((date) => date.toISOString().replace('Z', '+05:30')),
    ),
    user_id: fc.string({ minLength: 1, unit: 'binary' }),
    order_items: fc.array(fc.record({ product_id: int64(0n), quantity: int64(1n) }), {
      minLength: 1,
    }),
  },
  { requiredKeys: ['user_id', 'order_items'] },
);

test('S0-01 every order that the request schema accepts is written with the newest schema and read back unchanged', () => {
  const codec = compileAvro(definition);
  fc.assert(
    fc.property(requests, (request) => {
      assert.ok(Check(orderRequestSchema, request));
      const event = toOrderEvent(request, 1_680_745_813_045, () => crypto.randomUUID());
      const body = Buffer.alloc(1_000_000);
      const end = codec.encode(event, body, 0);
      assert.deepEqual(codec.decode(body.subarray(0, end), 0), event);
    }),
  );
});
