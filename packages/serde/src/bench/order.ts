import { readFileSync } from 'node:fs';

/** The definition and a value that the benchmarks of this folder encode. */
export const definition = readFileSync(
  new URL('../../../../schemas/order.v1.avsc', import.meta.url),
  'utf8',
);
export const order = {
  order_id: '53263c42-81b3-4a53-8067-fcdb44fa5479',
  ordered_at: 1680745813045,
  user_id: 'dicx',
  order_items: [{ product_id: 5947, quantity: 8 }],
};
