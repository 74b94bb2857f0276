/**
 * How many keys and elements of a schema the code of one function is generated for. Each of them nests in the code of
 * the one before it, so that the time to generate the code grows with the square of their number.
 */
export const maxPartsPerFunction = 200;

// A small definition is inlined where it is referred to.
const partsOfReference = 10;

/**
 * The number of keys and elements in a schema. Counts no further than the limit.
 *
 * @param ofReference what a reference counts for
 */
export function partsOf(node: unknown, limit: number, ofReference = partsOfReference): number {
  if (typeof node !== 'object' || node === null) return 0;
  let count = 0;
  for (const [key, part] of Object.entries(node)) {
    count += key === '$ref' ? ofReference : 1 + partsOf(part, limit, ofReference);
    if (count > limit) return count;
  }
  return count;
}
