/** Replaces a key that no schema declares: such a key is content of the record. */
export const undeclaredKey = '*';

/** The JSON pointer (RFC 6901) of a member of the value at `pointer`. */
export function memberPointer(pointer: string, key: string): string {
  return `${pointer}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

/** The JSON pointer of the value at the end of a path. */
export function pointerOf(path: readonly string[]): string {
  return path.reduce(memberPointer, '');
}

/** The keys of a JSON pointer. */
export function keysOf(pointer: string): readonly string[] {
  const steps = pointer.split('/').slice(1);
  return steps.map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}
