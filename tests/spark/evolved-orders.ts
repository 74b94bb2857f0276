import fc from 'fast-check';
import { newestOrderSchema } from '../../services/order-producer/src/newest-order-schema.ts';
import type { Row } from './spark-session.ts';

export interface Order {
  order_id: string;
  /** Epoch ms. */
  ordered_at: number;
  user_id: string;
  order_items: { product_id: bigint; quantity: bigint }[];
}

const first = JSON.parse(newestOrderSchema()) as { fields: { name: string }[] };
const withFields = (change: (fields: { name: string }[]) => object[]) =>
  JSON.stringify({ ...first, fields: change(first.fields) });

const currency = { name: 'currency', type: 'string', default: 'EUR' };
const channel = { name: 'sales_channel', type: 'string', default: 'web' };

/** Three versions of the order, each of which can read the others' values. */
export const schemas = {
  /** As the producer ships it. */
  v1: JSON.stringify(first),
  /** With a field at the end that has a default. */
  v2: withFields((fields) => [...fields, currency]),
  /** Without `user_id` and `currency`. Another text has the place of `user_id`. */
  v3: withFields((fields) => fields.map((field) => (field.name === 'user_id' ? channel : field))),
};

/** Orders with random fields, and with the smallest and largest values that the producer accepts. The same for a seed. */
export function drawOrders(seed: number, count: number): Order[] {
  const largest = 2n ** 63n - 1n;
  const integer = (min: bigint) =>
    fc.oneof(
      fc.constantFrom(min, 2n ** 53n, 2n ** 53n + 1n, largest),
      fc.bigInt({ min, max: largest }),
    );
  const [earliestMs, latestMs] = [-62_135_596_800_000, 253_402_300_799_999];
  const options = { noNullPrototype: true };
  const item = fc.record({ product_id: integer(0n), quantity: integer(1n) }, options);
  const order = fc.record(
    {
      order_id: fc.uuid(),
      ordered_at: fc.oneof(
        fc.constantFrom(earliestMs, -1, 0, latestMs),
        fc.integer({ min: earliestMs, max: latestMs }),
      ),
      user_id: fc.string({ minLength: 1, maxLength: 40, unit: 'grapheme' }),
      order_items: fc.array(item, { minLength: 1, maxLength: 4 }),
    },
    options,
  );
  return fc.sample(order, { seed, numRuns: count });
}

/** An order as Spark prints it, with further fields, or without those that are undefined. */
export function row(order: Order, others: Record<string, string | undefined> = {}): Row {
  const ordered_at = new Date(order.ordered_at).toISOString();
  const entries = Object.entries({ ...order, ordered_at, ...others });
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}
