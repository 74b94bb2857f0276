import { createSeededRandom } from './seeded-random.ts';
import { randomUuid } from './seeded-uuid.ts';

/** The body of `POST /orders`. */
export interface GeneratedOrder {
  order_id: string;
  ordered_at: number;
  user_id: string;
  order_items: { product_id: number; quantity: number }[];
}

const letters = 'abcdefghijklmnopqrstuvwxyz';
const userIdLength = 5;

/**
 * Random orders: 1–4 items, product 1–9999, quantity 1–10, a user id of five lower-case letters.
 *
 * The n-th order of a seed is always the same, including its id, except for `ordered_at`, which is `nowMs` (epoch ms).
 * Two runs with the same seed therefore send the same order ids.
 */
export function createOrderGenerator(seed: string): { next(nowMs: number): GeneratedOrder } {
  const random = createSeededRandom(seed);
  return {
    next: (nowMs) => ({
      order_id: randomUuid(random),
      ordered_at: nowMs,
      user_id: Array.from({ length: userIdLength }, () => letters[random.integer(0, 25)]).join(''),
      order_items: Array.from({ length: random.integer(1, 4) }, () => ({
        product_id: random.integer(1, 9999),
        quantity: random.integer(1, 10),
      })),
    }),
  };
}
