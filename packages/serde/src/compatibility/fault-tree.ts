import type { Fault } from './fault.ts';

/**
 * The faults of a comparison in their order; undefined for none. Comparisons that are remembered share their faults: copies
 * would take quadratic time in a chain of types, and a type used twice by a type used twice … has its faults 2^n times.
 */
export type FaultTree = Fault | readonly FaultTree[] | undefined;

export function joinFaults(parts: readonly FaultTree[]): FaultTree {
  const found = parts.filter((part) => part !== undefined);
  return found.length > 1 ? found : found[0];
}

/** The first faults, each as often as it was found. */
export function firstFaults(tree: FaultTree, limit: number): readonly Fault[] {
  const found: Fault[] = [];
  // A list instead of calls, because a chain of types may be of any length.
  const open: FaultTree[] = [tree];
  while (open.length > 0 && found.length < limit) {
    const next = open.pop();
    if (isList(next)) for (const part of next.toReversed()) open.push(part);
    else if (next) found.push(next);
  }
  return found;
}

function isList(tree: FaultTree): tree is readonly FaultTree[] {
  return Array.isArray(tree);
}
