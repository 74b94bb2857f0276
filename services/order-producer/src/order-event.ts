import { earliestOrderMs, latestOrderMs, type OrderRequest } from './order-request.ts';
import type { Order } from './order-schema.ts';
import { type FieldFault, WrongOrderError } from './wrong-order.ts';

/**
 * The record of the newest schema. `order_id` is a UUID in lower case (RFC 9562), so that one id is one key however the client
 * spells it. `ordered_at` is epoch milliseconds.
 */
export type OrderEvent = Order & { ordered_at: number };

const int64Max = 2n ** 63n - 1n;

/**
 * Maps a valid request to its event.
 *
 * @throws WrongOrderError for faults that JSON Schema cannot express: integers beyond 64 bits, unpaired surrogates
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
  // JSON Schema's date-time accepts values that Date does not: a leap second, an offset without minutes.
  if (!(event.ordered_at >= earliestOrderMs && event.ordered_at <= latestOrderMs))
    faults.push({
      pointer: '/ordered_at',
      code: 'out-of-range',
      detail:
        'must be a date and time within the years 1 to 9999, with an offset such as +hh:mm or Z',
    });
  if (!event.user_id.isWellFormed())
    faults.push({
      pointer: '/user_id',
      code: 'not-unicode',
      detail: 'contains an unpaired surrogate, which UTF-8 cannot encode',
    });
  if (faults.length > 0) throw new WrongOrderError(faults);
  return event;
}

function orderedAt(given: number | string | undefined, nowMs: number): number {
  if (given === undefined) return nowMs;
  return typeof given === 'number' ? given : Date.parse(given);
}
