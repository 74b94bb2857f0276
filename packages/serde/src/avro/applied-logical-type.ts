import { decimalAttributes } from './decimal-attributes.ts';
import type { AvroSchema, UnionSchema } from './schema/model.ts';

/**
 * The logical type that readers of a type apply. As the specification (1.12) demands, a logical type that is unknown, or not
 * allowed for the type, is ignored.
 */
export function appliedLogicalType(schema: Exclude<AvroSchema, UnionSchema>): string | undefined {
  const name = String(schema.properties.get('logicalType'));
  switch (`${schema.type} ${name}`) {
    case 'int date':
    case 'int time-millis':
    case 'long time-micros':
    case 'string uuid':
      return name;
    case 'bytes decimal':
    case 'fixed decimal':
      return decimalAttributes(schema) && name;
    case 'fixed uuid':
      return sizeOf(schema) === 16 ? name : undefined;
    case 'fixed duration':
      return sizeOf(schema) === 12 ? name : undefined;
  }
  const isTimestamp =
    schema.type === 'long' && /^(?:local-)?timestamp-(?:millis|micros|nanos)$/.test(name);
  return isTimestamp ? name : undefined;
}

function sizeOf(schema: AvroSchema): number | undefined {
  return schema.type === 'fixed' ? schema.size : undefined;
}
