import { createJsonIdentity } from './json-identity.ts';
import { isArray, isObject, type JsonObject, type JsonValue } from './json-value.ts';

/** An operation of RFC 6902. */
export type PatchOperation =
  | { op: 'add' | 'replace'; path: string; value: JsonValue }
  | { op: 'remove'; path: string };

// `{"op":"add","path":""},`
const leastOperation = 23;

/**
 * The operations that make `to` of `from`, in order. Arrays are compared after their common beginning and end.
 * @param maxCharacters of the printed operations. Each operation repeats the keys above its place, so that a patch can
 *   have the square of the characters of a document.
 * @returns undefined when the operations without their values have more characters
 */
export function diffJson(
  from: JsonValue,
  to: JsonValue,
  maxCharacters = Number.POSITIVE_INFINITY,
): PatchOperation[] | undefined {
  const idOf = createJsonIdentity();
  const isSame = (one: JsonValue, other: JsonValue) => idOf(one) === idOf(other);
  const operations: PatchOperation[] = [];
  let characters = 0;
  diffValues(from, to, '');
  return characters > maxCharacters ? undefined : operations;

  function add(operation: PatchOperation): void {
    characters += leastOperation + operation.path.length;
    if (characters <= maxCharacters) operations.push(operation);
  }

  function diffValues(before: JsonValue, after: JsonValue, path: string): void {
    if (characters > maxCharacters || isSame(before, after)) return;
    if (isArray(before) && isArray(after)) diffArrays(before, after, path);
    else if (isObject(before) && isObject(after)) diffObjects(before, after, path);
    else add({ op: 'replace', path, value: after });
  }

  function diffObjects(before: JsonObject, after: JsonObject, path: string): void {
    for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
      if (characters > maxCharacters) return;
      const at = `${path}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;
      const was = Object.hasOwn(before, key) ? before[key] : undefined;
      const is = Object.hasOwn(after, key) ? after[key] : undefined;
      if (is === undefined) add({ op: 'remove', path: at });
      else if (was === undefined) add({ op: 'add', path: at, value: is });
      else diffValues(was, is, at);
    }
  }

  function diffArrays(
    before: readonly JsonValue[],
    after: readonly JsonValue[],
    path: string,
  ): void {
    const shorter = Math.min(before.length, after.length);
    const isSameAt = (one: number, other: number) =>
      isSame(before[one] as JsonValue, after[other] as JsonValue);
    let start = 0;
    while (start < shorter && isSameAt(start, start)) start += 1;
    let end = 0;
    while (end < shorter - start && isSameAt(before.length - 1 - end, after.length - 1 - end))
      end += 1;

    const common = shorter - end;
    for (let index = start; index < common; index += 1) {
      diffValues(before[index] as JsonValue, after[index] as JsonValue, `${path}/${index}`);
    }
    for (let index = common; index < after.length - end; index += 1) {
      add({ op: 'add', path: `${path}/${index}`, value: after[index] as JsonValue });
    }
    for (let index = common; index < before.length - end; index += 1) {
      add({ op: 'remove', path: `${path}/${common}` });
    }
  }
}
