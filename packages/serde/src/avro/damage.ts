import { DamagedFrameError } from '../errors.ts';

/** The bytes end before the value does. */
export function truncated(): never {
  throw new DamagedFrameError('truncated-body');
}

/** The bytes cannot be what the schema says. */
export function damaged(): never {
  throw new DamagedFrameError('bad-body');
}
