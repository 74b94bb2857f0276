import type { Incompatibility } from '@order-stream/serde/compatibility';

// The limits of serde's `Compatibility`.
const maxOfDirection = 1000;
const maxCharacters = 1_000_000;

/** Whether there may be more reasons between two versions than these, with which a comparison ends. */
export function isCut(reasons: readonly Incompatibility[]): boolean {
  const forward = reasons.filter(({ direction }) => direction === 'FORWARD').length;
  if (Math.max(forward, reasons.length - forward) >= maxOfDirection) return true;
  const characters = reasons
    .flatMap((reason) => [
      ...[reason.type, reason.location, reason.newLocation, reason.previousLocation],
      reason.message,
    ])
    .reduce((sum, text) => sum + text.length, 0);
  return characters > maxCharacters;
}
