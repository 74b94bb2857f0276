import { isJsonNumber, type Json } from '../json/json-text.ts';
import type { AvroSchema, UnionSchema } from './schema/model.ts';

/**
 * The attributes of a decimal on bytes or fixed; `undefined` where the specification does not allow them: without a
 * precision, with a scale beyond the precision, or with more digits than a fixed can hold. The scale's default is 0.
 */
export function decimalAttributes(
  schema: Exclude<AvroSchema, UnionSchema>,
): { precision: number; scale: number } | undefined {
  const precision = integerOf(schema.properties.get('precision'), Number.NaN);
  const scale = integerOf(schema.properties.get('scale'), 0);
  const maxPrecision =
    schema.type === 'fixed' ? (8 * schema.size - 1) * Math.log10(2) : Number.POSITIVE_INFINITY;
  const isValid = precision >= 1 && precision <= maxPrecision && scale >= 0 && scale <= precision;
  return isValid ? { precision, scale } : undefined;
}

/** NaN for what is not an integer. */
function integerOf(json: Json | undefined, absent: number): number {
  if (json === undefined) return absent;
  const number = isJsonNumber(json) ? Number(json.number) : Number.NaN;
  return Number.isInteger(number) ? number : Number.NaN;
}
