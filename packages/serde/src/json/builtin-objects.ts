import { types } from 'node:util';

/** An object that JavaScript fills besides its own properties. Not a Date, which JSON has a text for. */
export function isBuiltin(value: object): boolean {
  return (
    types.isMap(value) ||
    types.isSet(value) ||
    types.isWeakMap(value) ||
    types.isWeakSet(value) ||
    types.isBoxedPrimitive(value) ||
    types.isRegExp(value) ||
    types.isNativeError(value) ||
    types.isPromise(value) ||
    types.isAnyArrayBuffer(value) ||
    ArrayBuffer.isView(value)
  );
}

/** Without a `toJSON` these would silently be written as `{}`, or as numbers of their bytes. */
export function holdsMoreThanMembers(value: object): boolean {
  return isBuiltin(value) || value instanceof Headers || value instanceof URLSearchParams;
}
