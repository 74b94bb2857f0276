// Reads the suites, each declared in `suite.ts` of its folder. As a script, for `.ci/run`, prints one line for each suite
// that has its own step: the step's name, its time limit in seconds and the suite's needs, separated by commas.
import { globSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { root } from '@order-stream/local-stack/state-folder';
import type { Suite } from '@order-stream/local-stack/suite';

/** The folders with tests beside the code. */
export const codeFolders = ['packages', 'services', 'tools'];

export interface FoundSuite extends Suite {
  /** Path relative to the repository's root. */
  folder: string;
  /** The step of `.ci/run`. Absent if a workflow runs the suite instead. */
  step?: string;
}

export async function readSuites(): Promise<FoundSuite[]> {
  const files = globSync('tests/*/suite.ts', { cwd: root }).sort();
  return Promise.all(
    files.map(async (file) => {
      const { suite } = (await import(join(root, file))) as { suite: Suite };
      const folder = dirname(file);
      if (suite.workflow !== undefined) return { ...suite, folder };
      return { ...suite, folder, step: suite.limitSeconds ? basename(folder) : 'test' };
    }),
  );
}

if (import.meta.main)
  for (const { step, limitSeconds, needs } of await readSuites())
    if (limitSeconds !== undefined) process.stdout.write(`${step} ${limitSeconds} ${needs}\n`);
