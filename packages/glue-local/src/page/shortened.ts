/**
 * The beginning and the end of a text that is longer than a page has room for. Keys and values of a definition can have
 * more than 100 000 characters each, and one key can be part of thousands of places.
 */
export function shortened(text: string, maxCharacters: number): string {
  if (text.length <= maxCharacters) return text;
  const half = maxCharacters / 2;
  const beginning = text.slice(0, half).replace(/[\ud800-\udbff]$/, '');
  const end = text.slice(-half).replace(/^[\udc00-\udfff]/, '');
  const hidden = text.length - beginning.length - end.length;
  return `${beginning} … ${hidden} characters … ${end}`;
}

/** A JSON pointer, or the names of fields on the way to a place. */
export const shortenedPlace = (place: string): string => shortened(place, 1000);
