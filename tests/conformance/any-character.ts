import fc from 'fast-check';

const surrogates = { first: 0xd800, count: 0x800 };

/**
 * Any character of Unicode, drawn as fast-check's unit `binary` draws it. That unit takes a second of each process, because
 * it makes a table of all characters.
 */
export const anyCharacter = fc
  .nat({ max: 0x10ffff - surrogates.count })
  .map(
    (index) => String.fromCodePoint(index < surrogates.first ? index : index + surrogates.count),
    indexOf,
  );

function indexOf(character: unknown): number {
  const point = typeof character === 'string' ? character.codePointAt(0) : undefined;
  if (point === undefined || String.fromCodePoint(point) !== character)
    throw new TypeError('expected one character');
  if (point < surrogates.first) return point;
  if (point < surrogates.first + surrogates.count) throw new TypeError('expected no surrogate');
  return point - surrogates.count;
}
