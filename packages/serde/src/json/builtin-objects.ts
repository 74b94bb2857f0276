import { types } from 'node:util';

/** Whether an object's content is not in its own properties. A Date is left out: it has a `toJSON`. */
export function isBuiltinObject(value: object): boolean {
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

/** Whether JSON would silently be `{}`, or the numbers of bytes, for an object without a `toJSON`. */
export function losesContentAsJson(value: object): boolean {
  return isBuiltinObject(value) || value instanceof Headers || value instanceof URLSearchParams;
}
