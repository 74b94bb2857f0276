// `npm test [-- PATH…]`: every suite, or the test files under the paths given.
import { spawn } from 'node:child_process';
import { globSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import {
  type Broker,
  brokerEnvironment,
  startBroker,
} from '@order-stream/local-stack/kafka-broker';
import { reportAndExit, StackFault } from '@order-stream/local-stack/stack-fault';
import { root } from '@order-stream/local-stack/state-folder';
import { fetchJavaLibrary } from '../tests/conformance/java-library.ts';
import { fetchPythonLibrary } from '../tests/conformance/python-library.ts';
import { readReports, removeReport, summary, tally } from './report.ts';

// Not tests/compose, tests/images and the like: each needs a stack of its own and is a step of CI (docs/testing.md).
const suites = [
  ...['packages', 'services', 'tools'],
  ...['tests/conformance', 'tests/deploy', 'tests/integration'],
];
const perTestTimeoutMs = 240_000;

let broker: Broker | undefined;
let runner: ReturnType<typeof startRunner> | undefined;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.once(signal, async () => {
    endTests();
    await broker?.stop();
    process.exit(130);
  });

try {
  const files = testFiles(process.argv.slice(2));
  const report = removeReport('node-test');
  const environment: NodeJS.ProcessEnv = { ...process.env, ORDER_STREAM_REPORT: report };
  const downloads = files.some(wantsForeignLibraries) ? foreignLibraries() : undefined;
  if (files.some(wantsBroker)) {
    broker = await startBroker();
    process.stdout.write(`Kafka: ${broker.kind} at ${broker.bootstrapServers}\n`);
    Object.assign(environment, brokerEnvironment(broker));
  } else process.stdout.write('Kafka: not needed by these tests\n');
  await downloads;
  process.stdout.write(`${files.length} test files\n`);
  runner = startRunner(files, environment);
  const code = await new Promise<number>((resolve) => {
    runner?.once('close', (exitCode) => resolve(exitCode ?? 1));
  });
  endTests();
  await broker?.stop();
  process.exit(summarise(code));
} catch (error) {
  endTests();
  await broker?.stop();
  reportAndExit(error);
}

function testFiles(paths: string[]): string[] {
  const under = paths.length > 0 ? paths.map((path) => path.replace(/\/+$/, '')) : suites;
  const files = under.flatMap((path) =>
    path.endsWith('.test.ts')
      ? [path]
      : globSync(`${path}/**/*.test.ts`, { cwd: root, exclude: (name) => name === 'node_modules' }),
  );
  if (files.length === 0) throw new StackFault(`No test files under ${under.join(', ')}.`);
  return [...new Set(files)].sort();
}

function wantsBroker(file: string): boolean {
  return /^tests\/(integration|registry)\//.test(file);
}

function wantsForeignLibraries(file: string): boolean {
  return /conformance|golden/.test(file);
}

/** Before the clock of any test runs. What cannot be had is told by the tests that need it. */
async function foreignLibraries(): Promise<void> {
  await Promise.allSettled([fetchJavaLibrary(), fetchPythonLibrary()]);
}

function startRunner(files: string[], env: NodeJS.ProcessEnv) {
  const flags = [
    '--test',
    `--test-concurrency=${Math.min(4, availableParallelism())}`,
    `--test-timeout=${perTestTimeoutMs}`,
    `--test-reporter=${join(import.meta.dirname, 'test-reporter.ts')}`,
    '--test-reporter-destination=stdout',
  ];
  // A process group of its own: what a test leaves running ends with it.
  return spawn(process.execPath, [...flags, ...files], {
    cwd: root,
    env,
    detached: true,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
}

function endTests(): void {
  if (runner?.pid === undefined) return;
  try {
    process.kill(-runner.pid, 'SIGKILL');
  } catch {
    // The whole group has ended by itself.
  }
}

function summarise(code: number): number {
  const tests = readReports().flatMap((report) =>
    report.suite === 'node-test' ? report.tests : [],
  );
  const { passed, failed, skipped } = tally(tests);
  if (tests.length === 0) throw new StackFault('The test runner ended without a report.');
  if (process.env.CI && skipped > 0) process.stdout.write('In CI a skipped test is a failure.\n');
  process.stdout.write(`\n${summary(passed, failed, skipped)}\n`);
  return failed > 0 || code !== 0 || (process.env.CI && skipped > 0) ? 1 : 0;
}
