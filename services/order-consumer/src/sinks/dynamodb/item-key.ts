import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { createPlainJsonDeserializer } from '@order-stream/serde';
import { connectPayload } from '../../connect-payload.ts';
import type { Delivery } from '../../delivery.ts';
import { ItemRejectedError } from './item-rejected.ts';
import { canonicalNumber, decimalOf, numberProblem } from './number-attribute.ts';

const maxKeyBytes = 2048;

/** Why the attribute cannot be the key of an item; `undefined` if it can. */
export function keyProblem(attribute: AttributeValue | undefined): string | undefined {
  if (attribute === undefined) return 'expected a text, a number or bytes, found nothing';
  if (attribute.N !== undefined) return undefined;
  if (attribute.S === undefined && attribute.B === undefined)
    return `expected a text, a number or bytes, got ${otherKinds[Object.keys(attribute)[0] as keyof typeof otherKinds]}`;
  const bytes = attribute.S === undefined ? attribute.B.length : Buffer.byteLength(attribute.S);
  if (bytes === 0) return 'expected at least one byte, got an empty value';
  if (bytes > maxKeyBytes) return `expected at most ${maxKeyBytes} bytes, got ${bytes}`;
  return undefined;
}

const otherKinds = { NULL: 'null', BOOL: 'a boolean', L: 'a list', M: 'a map' };

/** Equal for the keys that DynamoDB takes for the same. */
export function keyIdentity(key: AttributeValue): string {
  if (key.S !== undefined) return `S${key.S}`;
  if (key.N !== undefined) return `N${canonicalNumber(decimalOf(key.N))}`;
  return `B${Buffer.from(key.B as Uint8Array).toString('base64')}`;
}

/**
 * The key of the item that a record deletes: the value at a JSON pointer into the record key, which is JSON or was decoded
 * by its registry.
 */
export function createDeletionKey(
  pointer: string,
): (deletion: Pick<Delivery, 'record' | 'key'>) => AttributeValue {
  const tokens = pointer
    .split('/')
    .slice(1)
    .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'));
  const json = createPlainJsonDeserializer();
  const rejected = (problem: string) =>
    new ItemRejectedError(`deletion: record key${problem}; see DYNAMODB_TOMBSTONE_KEY`);

  function parsedKey(recordKey: Buffer | null): unknown {
    if (recordKey === null) throw rejected(': expected JSON, got null');
    try {
      return connectPayload(json.deserializeSync(recordKey)?.value);
    } catch {
      throw rejected(': expected JSON');
    }
  }

  return ({ record, key: decoded }) => {
    const value = decoded === undefined ? parsedKey(record.key) : decoded.value;
    const key = scalarAttribute(memberAt(value, tokens));
    const problem = keyProblem(key);
    if (key === undefined || problem !== undefined) throw rejected(` at '${pointer}': ${problem}`);
    return key;
  };
}

function memberAt(value: unknown, tokens: readonly string[]): unknown {
  let found = value;
  for (const token of tokens) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, token))
      return undefined;
    found = (found as Record<string, unknown>)[token];
  }
  return found;
}

function scalarAttribute(value: unknown): AttributeValue | undefined {
  switch (typeof value) {
    case 'string':
      return value.isWellFormed() ? { S: value } : undefined;
    case 'number':
    case 'bigint':
      return numberProblem(decimalOf(String(value))) === undefined
        ? { N: String(value) }
        : undefined;
    case 'boolean':
      return { BOOL: value };
    case 'object':
      if (value === null) return { NULL: true };
      return Array.isArray(value) ? { L: [] } : { M: {} };
    default:
      return undefined;
  }
}
