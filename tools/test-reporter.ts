import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, relative } from 'node:path';
import type { TestEvent } from 'node:test/reporters';
import { inspect } from 'node:util';
import { root } from '@order-stream/local-stack/state-folder';
import { type ReportedTest, summary, tally } from './report.ts';

/**
 * Prints one line for each test file, after the measurements of its tests, and each failure twice: at once and at the end.
 * Writes every test to the JSON report that `ORDER_STREAM_REPORT` names. The report counts tests, but not the suites
 * around them.
 */
export default async function* report(events: AsyncIterable<TestEvent>) {
  const tests: ReportedTest[] = [];
  const failures: string[] = [];
  /** The names of the suites around the present test, of each file. */
  const suites = new Map<string, string[]>();
  for await (const event of events) {
    if (event.type === 'test:stderr' || event.type === 'test:stdout') {
      if (process.env.ORDER_STREAM_TEST_OUTPUT) yield event.data.message;
      continue;
    }
    // A measurement of a test. The runner's own totals have no file.
    if (event.type === 'test:diagnostic' && event.data.file !== undefined) {
      yield `  ${event.data.message}\n`;
      continue;
    }
    if (event.type === 'test:summary' && event.data.file !== undefined) {
      const path = relative(root, event.data.file);
      const { passed, failed, skipped } = tally(tests.filter((one) => one.file === path));
      writeReport(tests);
      const seconds = (event.data.duration_ms / 1000).toFixed(1);
      yield `${failed > 0 ? '✗' : '✓'} ${path}  ${summary(passed, failed, skipped)} (${seconds} s)\n`;
      continue;
    }
    if (event.type === 'test:start') {
      const { name, nesting, file = '' } = event.data;
      suites.set(file, [...(suites.get(file) ?? []).slice(0, nesting), name]);
      continue;
    }
    if (event.type !== 'test:pass' && event.type !== 'test:fail') continue;
    const { name, details, file = '', nesting } = event.data;
    const path = relative(root, file);
    // The runner also reports files and suites as tests. Those that pass are not counted.
    const isContainer =
      details.type === 'suite' || (nesting === 0 && relative(root, name) === path);
    if (isContainer && event.type === 'test:pass') continue;
    if (isContainer && event.type === 'test:fail' && isCounted(event.data.details.error)) continue;
    const skipped = event.data.skip !== undefined || event.data.todo !== undefined;
    const status = skipped ? 'skipped' : event.type === 'test:pass' ? 'passed' : 'failed';
    tests.push({ title: isContainer ? `${name} (outside its tests)` : name, file: path, status });
    if (status !== 'failed' || event.type !== 'test:fail') continue;
    const { error } = event.data.details;
    const cause = error.cause ?? error;
    const place = [path, ...(suites.get(file) ?? []).slice(0, nesting), name].join(' › ');
    const failure = `✗ ${place}\n${indent(inspect(cause, { depth: 6 }))}\n`;
    failures.push(failure);
    // A run that is cut off prints no end.
    yield failure;
  }
  for (const failure of failures) yield `\n${failure}`;
  writeReport(tests);
}

/** After every file, because a run that is cut off has no end. */
function writeReport(tests: readonly ReportedTest[]): void {
  const target = process.env.ORDER_STREAM_REPORT;
  if (target === undefined) return;
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, `${JSON.stringify({ suite: 'node-test', tests }, null, 1)}\n`);
}

/** True if a suite or file failed because of one of its tests, which has been reported. */
function isCounted(error: Error): boolean {
  return (error as { failureType?: string }).failureType === 'subtestsFailed';
}

function indent(text: string): string {
  return text.replace(/^/gm, '    ');
}
