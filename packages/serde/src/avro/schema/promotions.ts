import type { AvroSchema } from './model.ts';

type Type = AvroSchema['type'];

/** By the reader's type: the writer's types that it can be read from. */
const promotions: Partial<Record<Type, readonly Type[]>> = {
  long: ['int'],
  float: ['int', 'long'],
  double: ['int', 'long', 'float'],
  bytes: ['string'],
  string: ['bytes'],
};

/** Whether the specification promotes the writer's type to the reader's. */
export function isPromotable(writer: AvroSchema, reader: AvroSchema): boolean {
  return promotions[reader.type]?.includes(writer.type) ?? false;
}
