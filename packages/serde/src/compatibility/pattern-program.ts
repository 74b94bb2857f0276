import type { CharacterTest, PatternNode, Place } from './pattern-syntax.ts';

/** Where the match of a pattern can be. It goes on to each of `next`. */
export interface State {
  /** The last place of a text at which the state was reached; places are counted over all texts. */
  reached: number;
  next: readonly State[];
  /** Takes a character; without it, the state takes none. */
  readonly isOne?: CharacterTest;
  readonly place?: Place;
  /** Index of the lookaround that must hold at the place. */
  readonly look?: number;
}

/** A lookaround: the places of the text at which its pattern ends, or begins if the pattern runs backward. */
export interface Look {
  readonly first: State;
  readonly isBackward: boolean;
  readonly isNegated: boolean;
}

export interface Program {
  readonly first: State;
  /** The state after a whole match, also of a lookaround. */
  readonly matched: State;
  /** Each after those inside it. */
  readonly looks: readonly Look[];
  readonly states: number;
}

/**
 * Makes a pattern a graph of states, so that a text is read once, whatever the pattern: all states that can be reached
 * are followed together (Thompson's construction).
 *
 * @returns undefined for a pattern that has more states, such as `(a{1000}){1000}`
 */
export function compilePattern(pattern: PatternNode, maxStates: number): Program | undefined {
  const looks: Look[] = [];
  const known = new Map<PatternNode, number>();
  const matched: State = { reached: 0, next: [] };
  let states = 1;
  const first = build(pattern, matched, false);
  return states > maxStates ? undefined : { first, matched, looks, states };

  function add(state: Omit<State, 'reached'>): State {
    states += 1;
    return { reached: 0, ...state };
  }

  function build(node: PatternNode, next: State, isBackward: boolean): State {
    if (states > maxStates) return next;
    switch (node.kind) {
      case 'character':
        return add({ isOne: node.isOne, next: [next] });
      case 'place':
        return add({ place: node.place, next: [next] });
      case 'sequence': {
        const parts = isBackward ? node.parts : node.parts.toReversed();
        return parts.reduce((after, part) => build(part, after, isBackward), next);
      }
      case 'choice':
        return add({ next: node.parts.map((part) => build(part, next, isBackward)) });
      case 'look':
        return add({ look: lookOf(node), next: [next] });
      case 'repeat':
        return buildRepeat(node, next, isBackward);
    }
  }

  function buildRepeat(
    { part, least, most }: PatternNode & { kind: 'repeat' },
    next: State,
    isBackward: boolean,
  ): State {
    let after = next;
    if (most === Number.POSITIVE_INFINITY) {
      after = add({ next: [] });
      after.next = [build(part, after, isBackward), next];
    } else {
      for (let count = least; count < most && states <= maxStates; count += 1) {
        after = add({ next: [build(part, after, isBackward), next] });
      }
    }
    for (let count = 0; count < least && states <= maxStates; count += 1) {
      states += 1;
      after = build(part, after, isBackward);
    }
    return after;
  }

  function lookOf(node: PatternNode & { kind: 'look' }): number {
    const index = known.get(node);
    if (index !== undefined) return index;
    // Read from the end of the text, a match ends where it begins otherwise.
    const isBackward = !node.isBehind;
    const first = build(node.part, matched, isBackward);
    known.set(node, looks.push({ first, isBackward, isNegated: node.isNegated }) - 1);
    return looks.length - 1;
  }
}
