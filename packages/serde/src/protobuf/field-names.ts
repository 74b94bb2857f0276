import type { Field } from './proto-file.ts';

/** Non-enumerable on a message that was read: its full name. Writing heeds it where no message is named. */
export const typeNameKey = '$typeName';

/** As protoc: an underscore is dropped and the letter after it is a capital. */
export function jsonNameOf(name: string): string {
  return name.replace(/_+(.?)/g, (_, letter: string) => letter.toUpperCase());
}

/** As protoc names the entries of a map: `order_items` gives `OrderItemsEntry`. */
export function entryNameOf(field: string): string {
  return `${field.replace(/(?:^|_+)(.?)/g, (_, letter: string) => letter.toUpperCase())}Entry`;
}

/**
 * A value's member goes by either name of its field. Where the JSON name of one is a name of another
 * too, which proto2 allows, it goes by its own alone: one must not hide the other.
 */
export function withDistinctNames(fields: readonly Field[]): Field[] {
  const uses = new Map<string, number>();
  for (const { name, jsonName } of fields) {
    for (const used of new Set([name, jsonName])) uses.set(used, (uses.get(used) ?? 0) + 1);
  }
  return fields.map((field) =>
    uses.get(field.jsonName) === 1 ? field : { ...field, jsonName: field.name },
  );
}
