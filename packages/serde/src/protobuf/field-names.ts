import type { Field } from './proto-file.ts';

/** Non-enumerable member of a message that was read: its full name. Writing uses it if no message is named. */
export const typeNameKey = '$typeName';

/** As protoc: removes underscores and capitalizes the letter after each. */
export function jsonNameOf(name: string): string {
  return name.replace(/_+(.?)/g, (_, letter: string) => letter.toUpperCase());
}

/**
 * The name that Java's library gives the entries of a `map`: `OrderItemsEntry` for `order_items`, as protoc,
 * but `AbCEntry` for `aB_c`, where protoc keeps the second capital.
 *
 * Source: awslabs/aws-glue-schema-registry, `FileDescriptorUtils.java`, `toMapEntry`.
 */
export function entryNameOf(field: string): string {
  const words = field.split('_');
  const rest = (word: string) => (words.length > 1 ? word.slice(1).toLowerCase() : word.slice(1));
  return `${words.map((word) => word.slice(0, 1).toUpperCase() + rest(word)).join('')}Entry`;
}

/** Fields that share a JSON name, which proto2 allows, keep their own: one must not hide the other. */
export function withDistinctNames(fields: readonly Field[]): Field[] {
  const uses = new Map<string, number>();
  for (const { jsonName } of fields) uses.set(jsonName, (uses.get(jsonName) ?? 0) + 1);
  const isShared = ({ name, jsonName }: Field) => name !== jsonName && uses.get(jsonName) !== 1;
  if (!fields.some(isShared)) return [...fields];
  // Repeated, because an own name may be the JSON name of a third field.
  return withDistinctNames(
    fields.map((field) => (isShared(field) ? { ...field, jsonName: field.name } : field)),
  );
}

/** The member of a value that holds a field: `key`, else `otherKey`. */
export interface MemberKeys {
  readonly key: string;
  readonly otherKey: string | undefined;
}

/**
 * The names of a field in a value that is written: the name that reading gives, then the other name unless
 * reading gives it to another field.
 */
export function memberKeysOf(
  fields: readonly Field[],
  first: 'json' | 'proto' = 'json',
): (field: Field) => MemberKeys {
  const keyOf = ({ name, jsonName }: Field) => (first === 'json' ? jsonName : name);
  const keys = new Set(fields.map(keyOf));
  return (field) => {
    const otherKey = first === 'json' ? field.name : field.jsonName;
    return { key: keyOf(field), otherKey: keys.has(otherKey) ? undefined : otherKey };
  };
}
