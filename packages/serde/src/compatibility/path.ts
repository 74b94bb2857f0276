/**
 * Keys from the root of a definition to a part of it; undefined for the root. Shares the keys of the part around, because
 * copies of them would take quadratic time and memory in a definition that nests deeply.
 */
export type Path = { readonly around: Path; readonly key: string } | undefined;

export function below(around: Path, ...keys: readonly string[]): Path {
  return keys.reduce<Path>((path, key) => ({ around: path, key }), around);
}

export function keysOfPath(path: Path): readonly string[] {
  const keys: string[] = [];
  for (let part = path; part; part = part.around) keys.push(part.key);
  return keys.reverse();
}
