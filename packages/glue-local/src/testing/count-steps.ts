import { Session } from 'node:inspector/promises';

/** Functions that read a whole text, each call counted by the characters of the text. */
const readers = [
  ...(['match', 'replace', 'replaceAll', 'search', 'split', 'indexOf', 'lastIndexOf'] as const),
  ...(['trim', 'trimEnd', 'trimStart'] as const),
];

/**
 * The steps of some work: how often each block of JavaScript ran, and the characters that functions of strings and
 * regular expressions were given. The same work has the same steps, on any machine.
 */
export async function countSteps(work: () => Promise<unknown>): Promise<number> {
  let characters = 0;
  const originals = new Map<object, PropertyDescriptorMap>();
  const count = (
    owner: object,
    name: string,
    lengthOf: (self: unknown, first: unknown) => number,
  ) => {
    const descriptor = Object.getOwnPropertyDescriptor(owner, name) as PropertyDescriptor;
    originals.set(owner, { ...originals.get(owner), [name]: descriptor });
    const original = descriptor.value as (...values: unknown[]) => unknown;
    const counted = function (this: unknown, ...values: unknown[]) {
      characters += lengthOf(this, values[0]);
      return original.apply(this, values);
    };
    Object.defineProperty(owner, name, { ...descriptor, value: counted });
  };
  for (const name of readers) count(String.prototype, name, (text) => String(text).length);
  count(RegExp.prototype, 'test', (_, text) => String(text).length);
  const session = new Session();
  session.connect();
  try {
    await session.post('Profiler.enable');
    await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
    await work();
    const { result } = await session.post('Profiler.takePreciseCoverage');
    const ranges = result
      .filter(({ url }) => url.includes('/glue-local/src/') || url.includes('/serde/src/'))
      .flatMap(({ functions }) => functions.flatMap((one) => one.ranges));
    return characters + ranges.reduce((sum, range) => sum + range.count, 0);
  } finally {
    session.disconnect();
    for (const [owner, descriptors] of originals) Object.defineProperties(owner, descriptors);
  }
}
