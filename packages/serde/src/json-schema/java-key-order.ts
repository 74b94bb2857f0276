/**
 * The keys of an object in the order in which Java's libraries visit them: `org.json` keeps them in a `HashMap`, and
 * Everit copies them to one of exactly their number. Where one id occurs twice, the last one visited is used.
 */
export function inJavaOrder(keys: readonly string[]): readonly string[] {
  if (keys.length < 2) return keys;
  return inBuckets(inBuckets(keys, 16), powerOfTwoFrom(keys.length));
}

function inBuckets(keys: readonly string[], leastBuckets: number): readonly string[] {
  let buckets = leastBuckets;
  while (keys.length > 0.75 * buckets) buckets *= 2;
  const found = keys.map((key) => ({ key, bucket: spreadHash(key) & (buckets - 1) }));
  return found.sort((one, other) => one.bucket - other.bucket).map(({ key }) => key);
}

function powerOfTwoFrom(count: number): number {
  return 2 ** Math.ceil(Math.log2(count));
}

/** `String.hashCode`, spread as `HashMap` does. */
function spreadHash(key: string): number {
  let hash = 0;
  for (let at = 0; at < key.length; at += 1) hash = (Math.imul(hash, 31) + key.charCodeAt(at)) | 0;
  return hash ^ (hash >>> 16);
}
