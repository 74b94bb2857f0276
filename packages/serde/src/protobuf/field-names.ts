import type { Field } from './proto-file.ts';

/** Non-enumerable on a message that was read: its full name. Writing heeds it where no message is named. */
export const typeNameKey = '$typeName';

/** As protoc: an underscore is dropped and the letter after it is a capital. */
export function jsonNameOf(name: string): string {
  return name.replace(/_+(.?)/g, (_, letter: string) => letter.toUpperCase());
}

/**
 * As Java's library names the entries of a `map`: `order_items` gives `OrderItemsEntry`, as by protoc, but
 * `aB_c` gives `AbCEntry`, where protoc keeps the second capital.
 *
 * Source: awslabs/aws-glue-schema-registry, `FileDescriptorUtils.java`, `toMapEntry`.
 */
export function entryNameOf(field: string): string {
  const words = field.split('_');
  const rest = (word: string) => (words.length > 1 ? word.slice(1).toLowerCase() : word.slice(1));
  return `${words.map((word) => word.slice(0, 1).toUpperCase() + rest(word)).join('')}Entry`;
}

/** Fields that share a JSON name, which proto2 allows, go by their own: one must not hide the other. */
export function withDistinctNames(fields: readonly Field[]): Field[] {
  const uses = new Map<string, number>();
  for (const { jsonName } of fields) uses.set(jsonName, (uses.get(jsonName) ?? 0) + 1);
  const isShared = ({ name, jsonName }: Field) => name !== jsonName && uses.get(jsonName) !== 1;
  if (!fields.some(isShared)) return [...fields];
  // Once more, for an own name may be the JSON name of a third.
  return withDistinctNames(
    fields.map((field) => (isShared(field) ? { ...field, jsonName: field.name } : field)),
  );
}

/** What the member of a field is called in a value that is written: `key`, else `otherKey`. */
export interface MemberKeys {
  readonly key: string;
  readonly otherKey: string | undefined;
}

/**
 * By which names a value's members go: first by the one that reading gives, then by the other, unless
 * that is what another field is called first.
 */
export function memberKeysOf(
  fields: readonly Field[],
  first: 'json' | 'proto',
): (field: Field) => MemberKeys {
  const keyOf = ({ name, jsonName }: Field) => (first === 'json' ? jsonName : name);
  const keys = new Set(fields.map(keyOf));
  return (field) => {
    const otherKey = first === 'json' ? field.name : field.jsonName;
    return { key: keyOf(field), otherKey: keys.has(otherKey) ? undefined : otherKey };
  };
}
