import type { CompatibilityMode } from '@order-stream/serde/compatibility';

/** What each mode promises, after the Glue Developer Guide. */
export const modeWords: Record<CompatibilityMode, string> = {
  NONE: 'Every definition is accepted.',
  DISABLED: 'No version can follow the first one.',
  BACKWARD: 'A new version must read what the last version wrote.',
  BACKWARD_ALL: 'A new version must read what every earlier version wrote.',
  FORWARD: 'The last version must read what a new version writes.',
  FORWARD_ALL: 'Every earlier version must read what a new version writes.',
  FULL: 'A new version and the last one must read what the other wrote.',
  FULL_ALL: 'A new version and every earlier one must read what the other wrote.',
};
