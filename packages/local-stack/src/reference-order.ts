import { newestOrderSchema } from '../../../services/order-producer/src/newest-order-schema.ts';

/** The example order of the documentation, as it is posted. */
export const referenceOrder = {
  order_id: '53263c42-81b3-4a53-8067-fcdb44fa5479',
  ordered_at: 1680745813045,
  user_id: 'dicxa',
  order_items: [{ product_id: 5947, quantity: 8 }],
};

type AvroType = string | { type: AvroType; fields?: AvroField[]; items?: AvroType };
interface AvroField {
  name: string;
  type: AvroType;
  default?: unknown;
}

/**
 * A posted order as a consumer decodes it: each field that the client omitted has the default of the newest schema.
 * So tests need no change for a new version of the schema.
 */
export function decodedOrder<Order extends object>(order: Order): Order {
  return withDefaults(JSON.parse(newestOrderSchema()), order) as Order;
}

/** A posted order as the stdout sink prints it. */
export function printedOrder<Order extends { ordered_at: number }>(order: Order) {
  return { ...decodedOrder(order), ordered_at: new Date(order.ordered_at).toISOString() };
}

function withDefaults(type: AvroType, value: unknown): unknown {
  if (typeof type === 'string') return value;
  if (type.items !== undefined) {
    const { items } = type;
    return (value as unknown[]).map((item) => withDefaults(items, item));
  }
  if (type.fields === undefined) return withDefaults(type.type, value);
  const record = value as Record<string, unknown>;
  return Object.fromEntries(
    type.fields.map(({ name, type: fieldType, default: absent }) => [
      name,
      name in record ? withDefaults(fieldType, record[name]) : absent,
    ]),
  );
}
