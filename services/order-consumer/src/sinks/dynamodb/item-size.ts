import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { Attributes } from './attribute-value.ts';
import { decimalOf, numberBytes } from './number-attribute.ts';

/** 400 KB. An item of exactly this size is accepted. */
export const maxItemBytes = 409_600;

/** The size of an item as DynamoDB counts it: names and values, and the overhead of lists and maps. */
export function itemBytes(item: Attributes): number {
  let bytes = 0;
  for (const name of Object.keys(item))
    bytes += Buffer.byteLength(name) + valueBytes(item[name] as AttributeValue);
  return bytes;
}

const containerBytes = 3;

function valueBytes(value: AttributeValue): number {
  if (value.S !== undefined) return Buffer.byteLength(value.S);
  if (value.N !== undefined) return numberBytes(decimalOf(value.N));
  if (value.B !== undefined) return value.B.length;
  if (value.M !== undefined)
    return containerBytes + Object.keys(value.M).length + itemBytes(value.M);
  if (value.L !== undefined)
    return value.L.reduce((sum, item) => sum + 1 + valueBytes(item), containerBytes);
  // BOOL, NULL
  return 1;
}
