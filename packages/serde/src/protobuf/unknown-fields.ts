/**
 * Where a message that was read keeps the bytes of fields its definition does not know, so that they
 * are still there when it is written again. Not enumerable: comparisons and JSON pass it by.
 */
export const unknownFields = Symbol('unknown fields');
