import { earliestOrderMs, latestOrderMs, type OrderRequest } from './order-request.ts';
import type { Order } from './order-schema.ts';
import { type FieldFault, WrongOrderError } from './wrong-order.ts';

/**
 * What is written: the newest schema's record. Its `order_id` is a UUID in lower case, as RFC 9562 writes it: one id is one key,
 * however a client spells it. `ordered_at` is epoch milliseconds.
 */
export type OrderEvent = Order & { ordered_at: number };

const int64Max = 2n ** 63n - 1n;

/**
 * The event that a valid request stands for.
 *
 * @throws WrongOrderError for what no JSON Schema can say: digits beyond 64 bits, half a surrogate pair
 */
export function toOrderEvent(
  request: OrderRequest,
  nowMs: number,
  newId: () => string,
): OrderEvent {
  const faults: FieldFault[] = [];
  const integer = (pointer: string, value: number | string, minimum: bigint): number | bigint => {
    if (typeof value === 'number') return value;
    const exact = BigInt(value);
    if (exact < minimum || exact > int64Max)
      faults.push({
        pointer,
        code: 'out-of-range',
        detail: `must be an integer from ${minimum} to ${int64Max}`,
      });
    const asNumber = Number(exact);
    return Number.isSafeInteger(asNumber) ? asNumber : exact;
  };

  const event: OrderEvent = {
    order_id: request.order_id?.toLowerCase() ?? newId(),
    ordered_at: orderedAt(request.ordered_at, nowMs),
    user_id: request.user_id,
    order_items: request.order_items.map(({ product_id, quantity }, index) => ({
      product_id: integer(`/order_items/${index}/product_id`, product_id, 0n),
      quantity: integer(`/order_items/${index}/quantity`, quantity, 1n),
    })),
  };
  // JSON Schema's date-time admits forms that no Date can hold: a leap second, an offset without minutes.
  if (!(event.ordered_at >= earliestOrderMs && event.ordered_at <= latestOrderMs))
    faults.push({
      pointer: '/ordered_at',
      code: 'out-of-range',
      detail: 'must be a date and time of the years 1 to 9999, its offset as +hh:mm or Z',
    });
  if (!event.user_id.isWellFormed())
    faults.push({
      pointer: '/user_id',
      code: 'not-unicode',
      detail: 'holds half a surrogate pair, which UTF-8 cannot carry',
    });
  if (faults.length > 0) throw new WrongOrderError(faults);
  return event;
}

function orderedAt(given: number | string | undefined, nowMs: number): number {
  if (given === undefined) return nowMs;
  return typeof given === 'number' ? given : Date.parse(given);
}
