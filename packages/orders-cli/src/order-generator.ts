import { createSeededRandom, type SeededRandom } from './seeded-random.ts';

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
      order_id: uuid(random),
      ordered_at: nowMs,
      user_id: Array.from({ length: userIdLength }, () => letters[random.integer(0, 25)]).join(''),
      order_items: Array.from({ length: random.integer(1, 4) }, () => ({
        product_id: random.integer(1, 9999),
        quantity: random.integer(1, 10),
      })),
    }),
  };
}

/** A UUID in the form of version 4 (RFC 9562 §5.4), with random bits from the seed. */
function uuid(random: SeededRandom): string {
  const bytes = Buffer.alloc(16);
  for (let at = 0; at < 16; at += 4) bytes.writeUInt32BE(random.uint32(), at);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x40, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
