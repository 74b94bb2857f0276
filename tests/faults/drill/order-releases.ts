import { newestOrderSchema } from '../../../services/order-producer/src/newest-order-schema.ts';

/** The order's schema as another release has it: with one further field, which has a default. */
export function orderSchemaWith(field: string): string {
  const shipped = JSON.parse(newestOrderSchema()) as { fields: object[] };
  const added = { name: field, type: ['null', 'string'], default: null };
  return JSON.stringify({ ...shipped, fields: [...shipped.fields, added] });
}
