import type { Inflate } from './inflated-limit.ts';
import { createPooledInflate } from './pooled-inflate.ts';
import { inflateBySync } from './sync-inflate.ts';

let chosen: Inflate | undefined;

/** By the pooled stream where this version of Node has what it builds on, else by `inflateSync`. */
export const inflate: Inflate = (bytes, offset, maxBytes) => {
  chosen ??= createPooledInflate() ?? inflateBySync;
  return chosen(bytes, offset, maxBytes);
};
