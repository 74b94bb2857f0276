/**
 * A function that calls others by `yield* call(…)`. Its calls take no stack, so that a chain of types may be of any
 * length: types that refer to each other do not nest in the text, and no limit of a definition bounds them.
 */
// biome-ignore lint/suspicious/noExplicitAny: a call in progress has a result of its own type
export type Nested<Result> = Generator<Nested<any>, Result, any>;

export function* call<Result>(inner: Nested<Result>): Nested<Result> {
  return (yield inner) as Result;
}

/** Runs a function and all that it calls. */
export function runNested<Result>(outermost: Nested<Result>): Result {
  return runNestedUntil(outermost, () => false) as Result;
}

/** `runNested` that stops between two calls, without a result, once `isOver` is true. */
export function runNestedUntil<Result>(
  outermost: Nested<Result>,
  isOver: () => boolean,
): Result | undefined {
  const open: Nested<unknown>[] = [outermost];
  let result: unknown;
  for (let innermost = open.at(-1); innermost; innermost = open.at(-1)) {
    if (isOver()) return undefined;
    const { done, value } = innermost.next(result);
    if (done) open.pop();
    else open.push(value);
    result = done ? value : undefined;
  }
  return result as Result;
}

/** As `Array.prototype.flatMap`. */
export function* flatMapNested<Item, Result>(
  items: readonly Item[],
  map: (item: Item, index: number) => Nested<readonly Result[]>,
): Nested<Result[]> {
  const results: Result[] = [];
  for (const [index, item] of items.entries()) results.push(...(yield* call(map(item, index))));
  return results;
}
