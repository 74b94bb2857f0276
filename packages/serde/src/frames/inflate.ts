import type { Inflate } from './inflated-limit.ts';
import { createPooledInflate } from './pooled-inflate.ts';
import { inflateBySync } from './sync-inflate.ts';

let chosen: Inflate | undefined;

/** Inflates with the pooled stream if this version of Node supports it, else with `inflateSync`. */
export const inflate: Inflate = (bytes, offset, maxBytes) => {
  chosen ??= createPooledInflate() ?? inflateBySync;
  return chosen(bytes, offset, maxBytes);
};
