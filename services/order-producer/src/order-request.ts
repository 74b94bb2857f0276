import Type, { type Static } from 'typebox';

/**
 * A 64-bit integer as JSON can carry it: a number as far as numbers are exact, a string of digits beyond.
 * The pattern admits 19 digits; whether they fit 64 bits is decided when the event is made.
 */
const int64 = (minimum: number) =>
  Type.Union([
    Type.Integer({ minimum, maximum: Number.MAX_SAFE_INTEGER }),
    Type.String({ pattern: '^\\d{1,19}$' }),
  ]);

/** The years 1 to 9999, which ISO 8601 writes with four digits: readers in other languages hold no others. */
export const earliestOrderMs = -62_135_596_800_000;
export const latestOrderMs = 253_402_300_799_999;

/** The body of `POST /orders`. What it accepts, the newest `schemas/order.v*.avsc` can hold. */
export const orderRequestSchema = Type.Object(
  {
    // Not `format: uuid`, which admits `urn:uuid:…`: the text is the record's key and so its partition.
    order_id: Type.Optional(
      Type.String({
        pattern: '^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$',
        description: 'a UUID; made when absent',
      }),
    ),
    ordered_at: Type.Optional(
      Type.Union(
        [
          Type.Integer({ minimum: earliestOrderMs, maximum: latestOrderMs }),
          Type.String({ format: 'date-time' }),
        ],
        { description: 'epoch milliseconds, or ISO 8601 with its offset; now when absent' },
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

/** The 201 answer: where the order is, after the brokers acknowledged it. */
export const orderReceiptSchema = Type.Object({
  order_id: Type.String(),
  ordered_at: Type.Integer({ description: 'epoch milliseconds' }),
  topic: Type.String(),
  partition: Type.Integer(),
  offset: Type.String({ description: 'digits' }),
  schema_version_id: Type.Unsafe<string | number | null>({
    // A list of types, not a union of schemas, whose branches the answer's serializer would each try.
    type: ['string', 'integer', 'null'],
    description: 'UUID; the integer id with a Confluent-compatible registry; null without one',
  }),
});

export type OrderReceipt = Static<typeof orderReceiptSchema>;
