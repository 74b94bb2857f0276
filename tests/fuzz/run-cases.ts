import type { ForeignProcess } from '../conformance/foreign-process.ts';
import { type Difference, differencesOf, kindOf } from './difference.ts';
import type { FuzzFormat } from './fuzz-format.ts';
import { minimise } from './minimise.ts';
import { nameOf } from './named-differences.ts';
import { seededDraw } from './seeded-draw.ts';

export interface Disagreement {
  number: number;
  kind: string;
  input: unknown;
  difference: Difference;
}

export interface Tally {
  cases: number;
  /** Questions that both sides answered alike. */
  answers: number;
  seconds: number;
  /** How often each difference that README names was met. */
  named: Map<string, number>;
  /** All cases that disagree, by the kind of the difference. */
  kinds: Map<string, number>;
  /** The first ones of each kind, made as small as possible. */
  disagreements: Disagreement[];
}

export interface Run {
  seed: number;
  /** The numbers of the cases. Taken from it until it ends, or until `isOver`. */
  numbers: Iterable<number>;
  isOver: () => boolean;
  /** How many disagreements of one kind are made small and printed. */
  shownOfKind: number;
}

// Enough to keep both processes busy, and few enough to stop soon.
const casesAhead = 6;

/** Compares case after case of a format. Rejects if the Java process fails. */
export async function runCases<Input>(
  format: FuzzFormat<Input>,
  java: ForeignProcess,
  { seed, numbers, isOver, shownOfKind }: Run,
): Promise<Tally> {
  const tally: Tally = {
    cases: 0,
    answers: 0,
    seconds: 0,
    named: new Map(),
    kinds: new Map(),
    disagreements: [],
  };
  const started = performance.now();
  const left = numbers[Symbol.iterator]();
  await Promise.all(Array.from({ length: casesAhead }, work));
  tally.seconds = (performance.now() - started) / 1000;
  tally.disagreements.sort((one, other) => one.number - other.number);
  return tally;

  async function work(): Promise<void> {
    for (let next = left.next(); !next.done && !isOver(); next = left.next())
      await runCase(next.value);
  }

  async function runCase(number: number): Promise<void> {
    const input = format.draw(seededDraw(seed, format.name, number));
    const compared = await format.compare(input, java);
    const differences = differencesOf(compared);
    tally.cases += 1;
    tally.answers += Object.keys(compared.java).length - differences.length;
    const seen = new Set<string>();
    for (const difference of differences) {
      const named = nameOf(format.name, difference, input);
      if (named !== undefined) count(tally.named, named.name);
      if (named !== undefined || seen.has(kindOf(difference))) continue;
      seen.add(kindOf(difference));
      await report(number, input, difference);
    }
  }

  async function report(number: number, input: Input, difference: Difference): Promise<void> {
    const kind = kindOf(difference);
    if (count(tally.kinds, kind) > shownOfKind) return;
    const isUnnamed = (one: Difference, smaller: Input) =>
      nameOf(format.name, one, smaller) === undefined;
    const smallest = await minimise(format, java, input, difference, isUnnamed);
    tally.disagreements.push({ number, kind, ...smallest });
  }
}

function count(counts: Map<string, number>, name: string): number {
  const next = (counts.get(name) ?? 0) + 1;
  counts.set(name, next);
  return next;
}
