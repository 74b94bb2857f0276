import { createHash } from 'node:crypto';
import type { RecordContent, WithBytes } from '../history-event.ts';

const longestText = 200;

/** An order's version is its quantity, and its content its product id. Every integer keeps all digits. */
export function orderContent(value: unknown): RecordContent {
  const order = value as {
    order_id: string | number;
    order_items: [{ product_id: number | bigint; quantity: number }];
  };
  const [{ product_id, quantity }] = order.order_items;
  return { key: String(order.order_id), version: Number(quantity), content: String(product_id) };
}

/** A tombstone of an order has no other place for its version than a header. */
export function tombstoneContent(key: string, versionHeader: unknown): RecordContent {
  const { order_id } = JSON.parse(key) as { order_id: string };
  return { key: order_id, version: Number(versionHeader), content: 'null' };
}

interface RawRecord {
  key: Buffer | string | null;
  value: Buffer | null;
  headers: Readonly<Record<string, unknown>>;
}

/** The content of a record that is not an order: all of its bytes. Its key is the only one of its kind. */
export function bytesContent({ key, value, headers }: RawRecord): RecordContent {
  const own = Object.entries(headers)
    .filter(([name]) => !/^(orders\.dlq|__connect\.errors)\./.test(name))
    .map(([name, header]) => `${name}=${Buffer.from(String(header), 'latin1').toString('hex')}`);
  const text = value === null ? 'null' : value.toString('base64');
  const bytes =
    text.length <= longestText
      ? text
      : `sha256 ${createHash('sha256').update(text).digest('base64')}`;
  return { key: keyText(key), version: 1, content: [bytes, ...own.sort()].join(' ') };
}

/**
 * The content of a record that becomes a dead letter.
 *
 * @param decoded the content of its value; undefined if it cannot be decoded
 */
export function poisonContent(
  record: RawRecord,
  decoded: RecordContent | undefined,
): RecordContent & WithBytes {
  const { version, ...bytes } = bytesContent(record);
  return decoded === undefined ? { ...bytes, version } : { ...decoded, bytes };
}

/** One character for each byte, so that no two keys become the same text. */
export function keyText(key: Buffer | string | null): string {
  return key === null ? 'no key' : Buffer.from(key as Buffer).toString('latin1');
}
