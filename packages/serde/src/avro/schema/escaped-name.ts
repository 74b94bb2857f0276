// No key has this code point: it is one beyond the last.
const emptyKey = '_x110000_';

/** The field of a key. Two keys never share a field: a key that looks like an escape has its underscore escaped. */
export function fieldName(key: string): string {
  if (key === '') return emptyKey;
  return key.replace(
    /_(?=x[0-9a-f]+[^A-Za-z0-9])|[^A-Za-z0-9_]|^[0-9]/gu,
    (character) => `_x${(character.codePointAt(0) as number).toString(16)}_`,
  );
}

export function keyOf(field: string): string {
  if (field === emptyKey) return '';
  return field.replace(/_x([0-9a-f]+)_/g, (_, hex) =>
    String.fromCodePoint(Number.parseInt(hex, 16)),
  );
}
