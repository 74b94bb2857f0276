import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { stateFolder } from '@order-stream/local-stack/state-folder';

export interface ReportedTest {
  title: string;
  /** Path relative to the repository's root. */
  file: string;
  status: 'passed' | 'failed' | 'skipped';
}

/** The report of one suite, a JSON file. All test runners write the same form. */
export interface Report {
  suite: string;
  tests: ReportedTest[];
}

export const reportsFolder = join(stateFolder, 'reports');

export function readReports(): Report[] {
  mkdirSync(reportsFolder, { recursive: true });
  return readdirSync(reportsFolder)
    .filter((name) => name.endsWith('.json'))
    .map((name) => JSON.parse(readFileSync(join(reportsFolder, name), 'utf8')) as Report);
}

export function removeReport(suite: string): string {
  const file = join(reportsFolder, `${suite}.json`);
  rmSync(file, { force: true });
  return file;
}

export function tally(tests: ReportedTest[]): Record<ReportedTest['status'], number> {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  for (const test of tests) counts[test.status]++;
  return counts;
}

export function summary(passed: number, failed: number, skipped: number): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}
