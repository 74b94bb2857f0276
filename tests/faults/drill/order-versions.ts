import { randomUUID } from 'node:crypto';
import type { OrderValue } from '@order-stream/local-stack/consumer';

const largestLong = 2n ** 63n - 1n;

/** The order ids of one lane, in turn, and the next version of each. The version is the quantity. */
export function createOrderVersions(options: {
  count: number;
  /** Of the orders with the product id 2^63 − 1. */
  largestPercent: number;
  /** Makes each order this much longer. */
  padding: number;
  /** Whether an order id may be used. Default: each. */
  isWanted?: (orderId: string) => boolean;
}) {
  const { count, largestPercent, padding, isWanted = () => true } = options;
  const ids = Array.from({ length: count }, newId);
  const versions = new Map<string, number>();
  let turn = 0;
  return {
    next(): OrderValue {
      turn = (turn + 1) % ids.length;
      const order_id = ids[turn] as string;
      const version = (versions.get(order_id) ?? 0) + 1;
      versions.set(order_id, version);
      return {
        order_id,
        ordered_at: 1_680_745_813_045 + version,
        user_id: 'x'.repeat(1 + padding),
        order_items: [
          {
            product_id: chance(largestPercent) ? largestLong : Math.ceil(Math.random() * 1e9),
            quantity: version,
          },
        ],
      };
    },
    /** An order id that is in doubt: a further version might overtake the one before it. */
    retire(id: string): void {
      ids[ids.indexOf(id)] = newId();
    },
  };

  function newId(): string {
    let id: string = randomUUID();
    while (!isWanted(id)) id = randomUUID();
    return id;
  }
}

export const chance = (percent: number) => Math.random() * 100 < percent;
