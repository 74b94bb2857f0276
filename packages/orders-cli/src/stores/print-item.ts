import type { AttributeValue } from '@aws-sdk/client-dynamodb';

const { rawJSON } = JSON as unknown as { rawJSON(text: string): object };

/** The item as JSON: numbers have all their digits, bytes are base64, sets are arrays. */
export function printItem(item: Record<string, AttributeValue>, indent?: number): string {
  return JSON.stringify(memberValues(item), null, indent);
}

function memberValues(item: Record<string, AttributeValue>): Record<string, unknown> {
  const members = Object.entries(item).map(([name, attribute]) => [name, jsonOf(attribute)]);
  return Object.fromEntries(members);
}

function jsonOf(attribute: AttributeValue): unknown {
  if (attribute.S !== undefined) return attribute.S;
  if (attribute.N !== undefined) return rawJSON(attribute.N);
  if (attribute.BOOL !== undefined) return attribute.BOOL;
  if (attribute.B !== undefined) return base64(attribute.B);
  if (attribute.M !== undefined) return memberValues(attribute.M);
  if (attribute.L !== undefined) return attribute.L.map(jsonOf);
  if (attribute.SS !== undefined) return attribute.SS;
  if (attribute.NS !== undefined) return attribute.NS.map(rawJSON);
  if (attribute.BS !== undefined) return attribute.BS.map(base64);
  return null;
}

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
