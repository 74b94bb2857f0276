import { SchemaMismatchError } from '../../errors.ts';
import { memberPointer } from '../../json/json-pointer.ts';

/** The kinds of JSON value that were seen at one place, and their contents. Null is always allowed. */
export interface Shape {
  boolean?: true;
  /** Integers of 64 bits. `1` and `1.0` are the same number in JSON; both count here. */
  long?: true;
  /** Any other number. */
  double?: true;
  string?: true;
  items?: Shape;
  /** By key. */
  members?: Map<string, Shape>;
}

/**
 * Adds a value and its contents to the shape of its place.
 *
 * @throws SchemaMismatchError the part at `pointer` is not JSON, an integer beyond 64 bits, or a text with a lone
 *   surrogate. The pointer contains keys, because they become part of the schema
 */
export function addToShape(shape: Shape, value: unknown, pointer = ''): void {
  const kind = kindOfJson(value);
  switch (kind) {
    case 'null':
      return;
    case 'items':
      shape.items ??= {};
      for (const [i, item] of (value as unknown[]).entries()) {
        addToShape(shape.items, item, `${pointer}/${i}`);
      }
      return;
    case 'members':
      shape.members ??= new Map();
      for (const [key, member] of Object.entries(value as object)) {
        if (!key.isWellFormed()) throw new SchemaMismatchError(`${pointer}/*`, 'Unicode text');
        const at = memberPointer(pointer, key);
        const known = shape.members.get(key) ?? {};
        shape.members.set(key, known);
        addToShape(known, member, at);
      }
      return;
    case undefined:
      throw new SchemaMismatchError(pointer, 'JSON value');
    default:
      shape[kind] = true;
  }
}

/** The kind of a JSON value; `undefined` if it is not JSON or fits no Avro type. */
export function kindOfJson(value: unknown): 'null' | keyof Shape | undefined {
  switch (typeof value) {
    case 'boolean':
      return 'boolean';
    case 'bigint':
      return BigInt.asIntN(64, value) === value ? 'long' : undefined;
    case 'number':
      // A long has no negative zero, and a number beyond 2^53 has already been rounded.
      if (Number.isSafeInteger(value) && !Object.is(value, -0)) return 'long';
      return Number.isFinite(value) ? 'double' : undefined;
    case 'string':
      return value.isWellFormed() ? 'string' : undefined;
    case 'object':
      if (value === null) return 'null';
      if (Array.isArray(value)) return 'items';
      return Symbol.iterator in value || value instanceof Date ? undefined : 'members';
    default:
      return undefined;
  }
}
