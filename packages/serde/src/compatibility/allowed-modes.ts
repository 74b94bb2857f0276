import { type CompatibilityMode, compatibilityModes } from '../registry/compatibility-modes.ts';

/**
 * The modes under which a version can follow another one.
 *
 * @param found what a comparison of both under FULL found; without a direction, the versions cannot be compared. With one
 *   earlier version, a mode and its `_ALL` form are the same.
 */
export function allowedModes(
  found: readonly { readonly direction?: 'BACKWARD' | 'FORWARD' | undefined }[],
): CompatibilityMode[] {
  return compatibilityModes.filter((mode) => {
    if (mode === 'DISABLED') return false;
    if (mode === 'NONE') return true;
    const plain = mode.replace('_ALL', '');
    return !found.some(
      ({ direction }) => direction === undefined || plain === 'FULL' || plain === direction,
    );
  });
}
