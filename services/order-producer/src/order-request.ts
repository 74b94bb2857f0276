import Type, { type Static } from 'typebox';

/**
 * A 64-bit integer in JSON: a number up to 2^53 - 1, or a string of digits.
 * The pattern accepts 19 digits; `toOrderEvent` checks that they fit 64 bits.
 */
const int64 = (minimum: number) =>
  Type.Union([
    Type.Integer({ minimum, maximum: Number.MAX_SAFE_INTEGER }),
    Type.String({ pattern: '^\\d{1,19}$' }),
  ]);

/** The years 1 to 9999, the range that date types of other languages support. */
export const earliestOrderMs = -62_135_596_800_000;
export const latestOrderMs = 253_402_300_799_999;

/** The body of `POST /orders`. Every accepted body can be written with the newest `schemas/order.v*.avsc`. */
export const orderRequestSchema = Type.Object(
  {
    // Not `format: uuid`, which also accepts `urn:uuid:…`. The text is the record key and selects the partition.
    order_id: Type.Optional(
      Type.String({
        pattern: '^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$',
        description: 'a UUID; generated when absent',
      }),
    ),
    ordered_at: Type.Optional(
      Type.Union(
        [
          Type.Integer({ minimum: earliestOrderMs, maximum: latestOrderMs }),
          Type.String({ format: 'date-time' }),
        ],
        { description: 'epoch milliseconds, or ISO 8601 with an offset; default: now' },
      ),
    ),
    user_id: Type.String({ minLength: 1 }),
    order_items: Type.Array(
      Type.Object({ product_id: int64(0), quantity: int64(1) }, { additionalProperties: false }),
      { minItems: 1 },
    ),
  },
  { additionalProperties: false },
);

export type OrderRequest = Static<typeof orderRequestSchema>;

/** The 201 response: where the acknowledged order is. */
export const orderReceiptSchema = Type.Object({
  order_id: Type.String(),
  ordered_at: Type.Integer({ description: 'epoch milliseconds' }),
  topic: Type.String(),
  partition: Type.Integer(),
  offset: Type.String({ description: 'digits' }),
  schema_version_id: Type.Unsafe<string | number | null>({
    // A list of types instead of a union of schemas, because the response serializer would try each branch.
    type: ['string', 'integer', 'null'],
    description: 'UUID; the integer id with a Confluent-compatible registry; null without one',
  }),
});

export type OrderReceipt = Static<typeof orderReceiptSchema>;
