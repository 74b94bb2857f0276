import { isDeepStrictEqual } from 'node:util';

interface JsonObject {
  readonly [key: string]: JsonValue;
}

/** A JSON value whose numbers are raw, from `JSON.rawJSON`: an object by its type, but written as the number. */
export type JsonValue = null | boolean | string | readonly JsonValue[] | JsonObject;

/** An operation of RFC 6902. */
export type PatchOperation =
  | { op: 'add' | 'replace'; path: string; value: JsonValue }
  | { op: 'remove'; path: string };

/** The operations that make `to` of `from`, in order. Arrays are compared after their common beginning and end. */
export function diffJson(from: JsonValue, to: JsonValue, path = ''): PatchOperation[] {
  if (isArray(from) && isArray(to)) return diffArrays(from, to, path);
  if (isObject(from) && isObject(to)) return diffObjects(from, to, path);
  return isDeepStrictEqual(from, to) ? [] : [{ op: 'replace', path, value: to }];
}

function diffObjects(from: JsonObject, to: JsonObject, path: string): PatchOperation[] {
  const keys = new Set([...Object.keys(from), ...Object.keys(to)]);
  return [...keys].flatMap((key): PatchOperation[] => {
    const at = `${path}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    const before = Object.hasOwn(from, key) ? from[key] : undefined;
    const after = Object.hasOwn(to, key) ? to[key] : undefined;
    if (after === undefined) return [{ op: 'remove', path: at }];
    if (before === undefined) return [{ op: 'add', path: at, value: after }];
    return diffJson(before, after, at);
  });
}

function diffArrays(
  from: readonly JsonValue[],
  to: readonly JsonValue[],
  path: string,
): PatchOperation[] {
  const shorter = Math.min(from.length, to.length);
  let start = 0;
  while (start < shorter && isDeepStrictEqual(from[start], to[start])) start += 1;
  let end = 0;
  while (
    end < shorter - start &&
    isDeepStrictEqual(from[from.length - 1 - end], to[to.length - 1 - end])
  )
    end += 1;

  const operations: PatchOperation[] = [];
  const common = shorter - end;
  for (let index = start; index < common; index += 1) {
    operations.push(...diffJson(from[index] ?? null, to[index] ?? null, `${path}/${index}`));
  }
  for (let index = common; index < to.length - end; index += 1) {
    operations.push({ op: 'add', path: `${path}/${index}`, value: to[index] ?? null });
  }
  for (let index = common; index < from.length - end; index += 1) {
    operations.push({ op: 'remove', path: `${path}/${common}` });
  }
  return operations;
}

const isArray = (value: JsonValue): value is readonly JsonValue[] => Array.isArray(value);

const isObject = (value: JsonValue): value is JsonObject =>
  typeof value === 'object' && value !== null && !isArray(value) && !isRawJson(value);

// Node 22 and later; not in TypeScript's library yet.
const { isRawJSON: isRawJson } = JSON as unknown as { isRawJSON(value: unknown): boolean };
