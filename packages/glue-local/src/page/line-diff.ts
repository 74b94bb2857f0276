/** A line of two texts: in both, or in one of them. */
export interface DiffLine {
  readonly kind: 'same' | 'removed' | 'added';
  readonly text: string;
  /** The number in the first text, and in the second, counted from 1. */
  readonly from?: number;
  readonly to?: number;
}

// Time and memory grow with the square of it.
const maxEdits = 1000;

/**
 * The shortest list of removed and added lines between two texts (Myers, "An O(ND) Difference Algorithm"). Texts with
 * more than 1000 edits between their first and last differences are replaced there as a whole.
 */
export function diffLines(first: readonly string[], second: readonly string[]): DiffLine[] {
  let start = 0;
  while (start < first.length && start < second.length && first[start] === second[start])
    start += 1;
  let [endOfFirst, endOfSecond] = [first.length, second.length];
  while (
    endOfFirst > start &&
    endOfSecond > start &&
    first[endOfFirst - 1] === second[endOfSecond - 1]
  ) {
    endOfFirst -= 1;
    endOfSecond -= 1;
  }
  const kinds: DiffLine['kind'][] = [
    ...new Array<'same'>(start).fill('same'),
    ...editsOf(first.slice(start, endOfFirst), second.slice(start, endOfSecond)),
    ...new Array<'same'>(first.length - endOfFirst).fill('same'),
  ];
  let [from, to] = [0, 0];
  return kinds.map((kind) => {
    if (kind !== 'added') from += 1;
    if (kind !== 'removed') to += 1;
    if (kind === 'same') return { kind, text: first[from - 1] as string, from, to };
    return kind === 'removed'
      ? { kind, text: first[from - 1] as string, from }
      : { kind, text: second[to - 1] as string, to };
  });
}

function editsOf(first: readonly string[], second: readonly string[]): DiffLine['kind'][] {
  const all = first.length + second.length;
  const limit = Math.min(all, maxEdits);
  // The furthest line of the first text on each diagonal, for each number of edits.
  const furthest = new Int32Array(2 * limit + 3);
  const history: Int32Array[] = [];
  for (let edits = 0; edits <= limit; edits += 1) {
    history.push(furthest.slice(limit + 1 - edits, limit + 2 + edits));
    for (let diagonal = -edits; diagonal <= edits; diagonal += 2) {
      const at = limit + 1 + diagonal;
      const [below, above] = [furthest[at - 1] as number, furthest[at + 1] as number];
      const isAdded = diagonal === -edits || (diagonal !== edits && below < above);
      let x = isAdded ? above : below + 1;
      while (x < first.length && x - diagonal < second.length && first[x] === second[x - diagonal])
        x += 1;
      furthest[at] = x;
      if (x >= first.length && x - diagonal >= second.length)
        return walkBack(history, first, second);
    }
  }
  return [
    ...new Array<'removed'>(first.length).fill('removed'),
    ...new Array<'added'>(second.length).fill('added'),
  ];
}

/** @param history what was furthest before each edit */
function walkBack(
  history: readonly Int32Array[],
  first: readonly string[],
  second: readonly string[],
): DiffLine['kind'][] {
  const kinds: DiffLine['kind'][] = [];
  let [x, y] = [first.length, second.length];
  for (let edits = history.length - 1; edits > 0; edits -= 1) {
    const before = history[edits] as Int32Array;
    const at = (diagonal: number) => before[diagonal + edits] ?? Number.NEGATIVE_INFINITY;
    const diagonal = x - y;
    const isAdded =
      diagonal === -edits || (diagonal !== edits && at(diagonal - 1) < at(diagonal + 1));
    const previous = isAdded ? diagonal + 1 : diagonal - 1;
    const startX = at(previous);
    const afterEdit = isAdded ? startX : startX + 1;
    while (x > afterEdit) {
      kinds.push('same');
      x -= 1;
    }
    kinds.push(isAdded ? 'added' : 'removed');
    x = startX;
    y = startX - previous;
  }
  while (x > 0) {
    kinds.push('same');
    x -= 1;
  }
  return kinds.reverse();
}
