/** The known name that a misspelt one probably means: the same in other case, or with up to 2 edits. */
export function nearestName(name: string, known: readonly string[]): string | undefined {
  const wanted = name.toLowerCase();
  // A short name is within 2 edits of many others.
  let fewest = Math.min(2, Math.floor(wanted.length / 3));
  let nearest: string | undefined;
  for (const one of known) {
    const count = edits(wanted, one.toLowerCase());
    if (count > fewest || (count === fewest && nearest !== undefined)) continue;
    fewest = count;
    nearest = one;
  }
  return nearest;
}

/** How many letters have to be inserted, deleted, replaced or swapped with the next (optimal string alignment). */
function edits(from: string, to: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let i = 1; i <= from.length; i++) {
    const row = [i];
    for (let j = 1; j <= to.length; j++) {
      const replaced = (last[j - 1] as number) + (from[i - 1] === to[j - 1] ? 0 : 1);
      const isSwapped = i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1];
      const swapped = isSwapped ? (beforeLast[j - 2] as number) + 1 : replaced;
      const shifted = Math.min(last[j] as number, row[j - 1] as number) + 1;
      row.push(Math.min(replaced, swapped, shifted));
    }
    beforeLast = last;
    last = row;
  }
  return last[to.length] as number;
}
