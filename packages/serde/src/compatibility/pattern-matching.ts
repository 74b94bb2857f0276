import { regularExpression } from '../json-schema/regular-expression.ts';
import { backtrackingEffort } from './pattern-effort.ts';
import { compilePattern, type Program, type State } from './pattern-program.ts';
import { parsePattern, start } from './pattern-syntax.ts';

/** How much the patterns of one comparison may take together. */
export interface PatternWork {
  /** States of the patterns that are used, about one for each character, and for each repetition up to a limit. */
  states: number;
  /** Characters of the texts, and the states that are reached at each of them; less where JavaScript is as fast. */
  steps: number;
}

export const patternLimits: Readonly<PatternWork> = { states: 500_000, steps: 3_000_000 };

// A node that JavaScript tries takes about a hundredth of a state that is reached here.
const maxTries = 20_000;
const triesPerStep = 100;
// Bounds the memory of the answers.
const stepsPerAnswer = 4;

interface Compiled {
  readonly expression: RegExp;
  readonly program: Program;
  /** By text. Schemas that apply together ask for the same names again and again. */
  readonly answers: Map<string, boolean>;
  /** How many nodes JavaScript tries at most with a text of this length. */
  tries(length: number): number;
}

export type PatternMatching = ReturnType<typeof createPatternMatching>;

/**
 * Matches names and values of one schema with the patterns of another, in time that grows with the length of both and
 * not by backtracking. Steps are counted instead of time, so that a verdict is the same on every machine.
 */
export function createPatternMatching(limits: Readonly<PatternWork> = patternLimits) {
  const known = new Map<string, Compiled | 'invalid'>();
  const work: PatternWork = { states: 0, steps: 0 };
  let last = { text: '', isUnicode: true, characters: [] as readonly string[] };
  let count = 0;
  let isBeyond = false;
  return {
    /** Nothing more matches once `isBeyond` is true: the whole verdict then means nothing. */
    matches,
    /** Whether a pattern has a back reference, or the patterns take too many steps. */
    isBeyond: () => isBeyond,
  };

  function matches(pattern: string, text: string): boolean {
    const compiled = isBeyond ? undefined : compile(pattern);
    if (!compiled) return false;
    const before = compiled.answers.get(text);
    if (before !== undefined) return before;
    const answer = find(compiled, text);
    work.steps += stepsPerAnswer;
    if (work.steps > limits.steps) isBeyond = true;
    if (isBeyond) return false;
    compiled.answers.set(text, answer);
    return answer;
  }

  function find({ expression, program, tries }: Compiled, text: string): boolean {
    const most = tries(text.length);
    if (most <= maxTries) {
      work.steps += text.length + most / triesPerStep;
      return expression.test(text);
    }
    const characters = charactersOf(text, expression.unicode);
    const holds: Uint8Array[] = [];
    for (const { first, isBackward, isNegated } of program.looks) {
      const places = new Uint8Array(characters.length + 1).fill(Number(isNegated));
      run({ ...program, first }, characters, holds, isBackward, (place) => {
        places[place] = Number(!isNegated);
        return false;
      });
      if (isBeyond) return false;
      holds.push(places);
    }
    let found = false;
    run(program, characters, holds, false, () => {
      found = true;
      return true;
    });
    return found;
  }

  /** Many patterns are tried with one text. */
  function charactersOf(text: string, isUnicode: boolean): readonly string[] {
    if (last.text === text && last.isUnicode === isUnicode) return last.characters;
    work.steps += text.length;
    last = { text, isUnicode, characters: isUnicode ? [...text] : text.split('') };
    return last.characters;
  }

  function compile(pattern: string): Compiled | undefined {
    const before = known.get(pattern);
    if (before) return before === 'invalid' ? undefined : before;
    let expression: RegExp;
    try {
      // The latest draft accepts the most patterns.
      expression = regularExpression(pattern, '2020-12');
    } catch {
      // An invalid pattern matches nothing: it is compatible with the equal pattern only.
      known.set(pattern, 'invalid');
      return undefined;
    }
    const parsed = parsePattern(expression);
    const program = parsed && compilePattern(parsed, limits.states - work.states);
    if (!parsed || !program) {
      isBeyond = true;
      return undefined;
    }
    work.states += program.states;
    const node = parsed;
    const efforts = new Map<number, number>();
    const compiled: Compiled = { expression, program, answers: new Map(), tries };
    known.set(pattern, compiled);
    return compiled;

    function tries(length: number): number {
      const effort = efforts.get(length) ?? backtrackingEffort(node, length);
      efforts.set(length, effort);
      return effort;
    }
  }

  /** @param end is called with each place at which a match ends; true if no other is wanted */
  function run(
    { first, matched }: Pick<Program, 'first' | 'matched'>,
    characters: readonly string[],
    holds: readonly Uint8Array[],
    isBackward: boolean,
    end: (place: number) => boolean,
  ): void {
    const open: State[] = [];
    let taking: State[] = [];
    const isAnchored = first.place === start && !isBackward;
    const { length } = characters;
    for (let taken = 0; taken <= length; taken += 1) {
      const place = isBackward ? length - taken : taken;
      const before = characters[place - 1];
      const after = characters[place];
      count += 1;
      // A match can begin at each place.
      open.push(first);
      for (const { next } of taking) for (const state of next) open.push(state);
      taking = [];
      if (isAnchored && taken > 0 && open.length === 1) return;
      const character = isBackward ? before : after;
      for (let state = open.pop(); state; state = open.pop()) {
        if (state.reached === count) continue;
        state.reached = count;
        work.steps += 1;
        if (work.steps > limits.steps) {
          isBeyond = true;
          return;
        }
        if (state === matched) {
          if (end(place)) return;
        } else if (state.isOne) {
          if (character !== undefined && state.isOne(character)) taking.push(state);
        } else if (
          (!state.place || state.place(before, after)) &&
          (state.look === undefined || holds[state.look]?.[place] === 1)
        ) {
          for (const next of state.next) open.push(next);
        }
      }
    }
  }
}
