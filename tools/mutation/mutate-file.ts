import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import type { Compiler } from './compiler.ts';
import { findMutants } from './find-mutants.ts';
import { describeMutant, lineOf, type Mutant } from './mutant.ts';
import { type Outcome, runTests } from './run-tests.ts';
import { shuffled } from './shuffled.ts';
import { testsBeside } from './tests-beside.ts';

export interface Tried {
  /** Of the tests: a mutant that `passed` has survived. */
  outcome: Outcome;
  line: number;
  change: string;
}

interface Options {
  root: string;
  compiler: Compiler;
  /** Absolute path. */
  file: string;
  /** Only the mutants that begin on this line. */
  line?: number;
  /** At most so many mutants, chosen by the seed. */
  sample: number;
  seed: number;
}

/** Tries the mutants of one file, two at a time. */
export async function mutateFile(options: Options, report: (tried: Tried) => void) {
  const { root, compiler, file, line, sample, seed } = options;
  const text = readFileSync(file, 'utf8');
  const stages = await measuredStages(options);
  const found = findMutants(compiler.sourceFile(file));
  const waiting = shuffled(
    found.filter((mutant) => line === undefined || lineOf(mutant, text) === line),
    seed,
  );
  const tally = { killed: 0, survived: 0, timeouts: 0, rejected: 0, untried: 0 };
  let begun = 0;

  function next(): Mutant | undefined {
    while (begun < sample) {
      const mutant = waiting.pop();
      if (mutant === undefined) return undefined;
      if (compiler.accepts(mutant)) {
        begun += 1;
        return mutant;
      }
      tally.rejected += 1;
    }
    return undefined;
  }

  async function work(): Promise<void> {
    for (let mutant = next(); mutant !== undefined; mutant = next()) {
      const outcome = await outcomeOf(mutant, stages, root);
      tally[outcome === 'passed' ? 'survived' : 'killed'] += 1;
      if (outcome === 'timeout') tally.timeouts += 1;
      report({ outcome, line: lineOf(mutant, text), change: describeMutant(mutant, text) });
    }
  }

  await Promise.all([work(), work()]);
  return { ...tally, untried: waiting.length };
}

interface Stage {
  tests: string[];
  limitMs: number;
}

/**
 * The own tests of the file, then the others. They must pass without a mutant. The limit leaves room for a machine that is
 * busier later.
 */
async function measuredStages({ root, file }: Options): Promise<Stage[]> {
  const { own, others } = testsBeside(root, file);
  const stages: Stage[] = [];
  for (const tests of [own, others].filter(({ length }) => length > 0)) {
    const started = performance.now();
    const outcome = await runTests(tests, { limitMs: 300_000, cwd: root });
    const names = tests.map((test) => relative(root, test)).join(' ');
    if (outcome !== 'passed') throw new Error(`${names}: ${outcome} without a mutant`);
    stages.push({ tests, limitMs: 5_000 + 5 * (performance.now() - started) });
  }
  if (stages.length === 0) throw new Error(`${file}: expected tests beside it, found none`);
  return stages;
}

async function outcomeOf(mutant: Mutant, stages: readonly Stage[], cwd: string): Promise<Outcome> {
  for (const { tests, limitMs } of stages) {
    const outcome = await runTests(tests, { mutant, limitMs, cwd });
    if (outcome !== 'passed') return outcome;
  }
  return 'passed';
}
