import fc, { type GeneratorValue, type Random } from 'fast-check';

/**
 * A generator whose draws depend on these three alone: the same case is drawn again from its seed and number. Unlike those of
 * fast-check's own runs, its draws are not biased to the ends of a range, which would choose the first and last kinds of
 * schema most of the time.
 */
export function seededDraw(seed: number, format: string, number: number): GeneratorValue {
  const [random] = fc.sample(new RandomItself(), {
    seed: mixed(
      seed,
      number,
      [...format].reduce((sum, c) => sum * 31 + c.charCodeAt(0), 7),
    ),
    numRuns: 1,
  }) as [Random];
  const draw = <Args extends unknown[], T>(
    arbitrary: (...args: Args) => fc.Arbitrary<T>,
    ...args: Args
  ): T => arbitrary(...args).generate(random, undefined).value;
  return Object.assign(draw, { values: () => [] });
}

/** Of Java's `Random` and of a second generator for the values of a schema. */
export function valueSeedOf(g: GeneratorValue): number {
  return g(fc.nat, 2 ** 31 - 1);
}

class RandomItself extends fc.Arbitrary<Random> {
  generate(random: Random): fc.Value<Random> {
    return new fc.Value(random.clone(), undefined);
  }
  canShrinkWithoutContext(value: unknown): value is Random {
    return value === undefined;
  }
  shrink(): fc.Stream<fc.Value<Random>> {
    return fc.Stream.nil();
  }
}

/** Neighbouring seeds and numbers give unrelated results: the finalizer of MurmurHash3. */
function mixed(...parts: number[]): number {
  let hash = 0x9e3779b9;
  for (const part of parts) {
    hash ^= part | 0;
    hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
    hash ^= hash >>> 16;
  }
  return hash | 0;
}
