// Generated from order.v1.avsc by `glue-schemas types`. Do not edit.

/** Online fake order item */
export interface Order {
  order_id: string;
  /** timestamp-millis */
  ordered_at: number | bigint;
  user_id: string;
  order_items: OrderItem[];
}

export interface OrderItem {
  product_id: number | bigint;
  quantity: number | bigint;
}
