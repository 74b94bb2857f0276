import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { type AvroSchema, decimalText, parseAvro, type RecordSchema } from '@order-stream/serde';
import { exactNumber } from './number-attribute.ts';
import { MisfitError } from './value-path.ts';

const typeName = 'io.debezium.data.VariableScaleDecimal';
/** More digits than a number of DynamoDB has on either side of its point. */
const maxPlainScale = 130;

interface VariableScaleDecimal {
  scale: number;
  /** The unscaled integer in two's complement. */
  value: Buffer;
}

/** Whether the record is Debezium's decimal for columns without a fixed scale, as `numeric` of PostgreSQL. */
export function isVariableScaleDecimal({
  fullName,
  properties,
  fields = [],
}: RecordSchema): boolean {
  if (fullName !== typeName && properties.get('connect.name') !== typeName) return false;
  const typeOf = (name: string): AvroSchema['type'] | undefined =>
    fields.find((field) => field.name === name)?.schema.type;
  return fields.length === 2 && typeOf('scale') === 'int' && typeOf('value') === 'bytes';
}

const integer = '{"type":"bytes","logicalType":"decimal","precision":1,"scale":0}';
const unscaledDigits = decimalText(parseAvro(integer) as Parameters<typeof decimalText>[0]) as (
  bytes: Buffer,
) => string;

/**
 * The number with all its digits.
 *
 * @throws MisfitError DynamoDB has no such number
 */
export function variableScaleAttribute({ scale, value }: VariableScaleDecimal): AttributeValue {
  let unscaled: string;
  try {
    unscaled = unscaledDigits(value);
  } catch {
    throw new MisfitError('expected the bytes of a decimal, got none or too many');
  }
  return exactNumber(numberText(unscaled, scale));
}

/** The scale is content of the record: a text with as many digits could be gigabytes. */
function numberText(unscaled: string, scale: number): string {
  if (scale === 0) return unscaled;
  if (scale < 0 || scale > maxPlainScale) return `${unscaled}e${-scale}`;
  const sign = unscaled.startsWith('-') ? '-' : '';
  const digits = unscaled.slice(sign.length).padStart(scale + 1, '0');
  return `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}
