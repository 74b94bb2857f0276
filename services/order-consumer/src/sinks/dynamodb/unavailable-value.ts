import { createHash } from 'node:crypto';

/** Debezium's `unavailable.value.placeholder`, as long as it is not changed. */
const placeholder = '__debezium_unavailable_value';
const bytes = Buffer.from(placeholder);
const base64 = bytes.toString('base64');
/** Of a column `hstore` that is written as JSON. */
const json = JSON.stringify({ [placeholder]: placeholder });
/** Of a column `uuid[]`: `UUID.nameUUIDFromBytes` of Java, version 3 without a namespace. */
const uuid = nameUuid(bytes);

/**
 * Whether Debezium stands this value in for one that it was not sent: PostgreSQL does not repeat a large (TOAST) value that
 * an update leaves as it is. The placeholder has the type of the column: text, bytes, an array, or a map.
 */
export function isUnavailable(value: unknown): boolean {
  if (typeof value === 'string') return value === placeholder || value === base64 || value === json;
  if (typeof value !== 'object' || value === null) return false;
  if (value instanceof Uint8Array) return bytes.equals(value);
  if (Array.isArray(value)) return isUnavailableArray(value);
  return Object.hasOwn(value, placeholder);
}

function isUnavailableArray(items: readonly unknown[]): boolean {
  const [only] = items;
  if (items.length === 1) return only === uuid || (!Array.isArray(only) && isUnavailable(only));
  return items.length === bytes.length && bytes.every((byte, index) => items[index] === byte);
}

function nameUuid(name: Buffer): string {
  const hash = createHash('md5').update(name).digest();
  hash[6] = ((hash[6] as number) & 0x0f) | 0x30;
  hash[8] = ((hash[8] as number) & 0x3f) | 0x80;
  return hash.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
