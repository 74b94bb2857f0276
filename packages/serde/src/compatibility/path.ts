/**
 * Keys from the root of a definition to a part of it; undefined for the root. Shares the keys of the part around, because
 * copies of them would take quadratic time and memory in a definition that nests deeply.
 */
export type Path =
  | {
      readonly around: Path;
      readonly key: string;
      /** Of all keys, with one more for each. */
      readonly characters: number;
    }
  | undefined;

/**
 * A path may go through types that refer to each other, so the size of a definition does not limit it. A path of this many
 * characters is not extended: it leads to a part around the place.
 */
export const maxPathCharacters = 10_000;

export function below(around: Path, ...keys: readonly string[]): Path {
  let path = around;
  for (const key of keys) {
    const characters = path?.characters ?? 0;
    if (characters >= maxPathCharacters) break;
    path = { around: path, key, characters: characters + key.length + 1 };
  }
  return path;
}

export function keysOfPath(path: Path): readonly string[] {
  const keys: string[] = [];
  for (let part = path; part; part = part.around) keys.push(part.key);
  return keys.reverse();
}
