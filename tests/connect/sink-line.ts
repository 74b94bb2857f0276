/** An order as Kafka's file sink prints it: `Struct{order_id=…,ordered_at=…,user_id=…,order_items=[Struct{…}, Struct{…}]}`. */
export interface SinkOrder {
  order_id: string;
  /** Epoch milliseconds. */
  ordered_at: bigint;
  user_id: string;
  order_items: { product_id: bigint; quantity: bigint }[];
}

const line =
  /^Struct\{order_id=([^,]*),ordered_at=(\d+),user_id=(.*),order_items=\[((?:Struct\{product_id=\d+,quantity=\d+\}(?:, )?)*)\](?:,\w+=[^,{}]*)*\}$/;

/** Fields that a later version of the schema adds are not read. @throws Error for a line that is not an order */
export function readSinkLine(text: string): SinkOrder {
  const [matched, order_id = '', orderedAt = '', user_id = '', items = ''] = line.exec(text) ?? [];
  if (matched === undefined) throw new Error(`not an order of the file sink: ${text}`);
  return {
    order_id,
    ordered_at: BigInt(orderedAt),
    user_id,
    order_items: [...items.matchAll(/product_id=(\d+),quantity=(\d+)/g)].map(
      ([, product = '', quantity = '']) => ({
        product_id: BigInt(product),
        quantity: BigInt(quantity),
      }),
    ),
  };
}
