// `npm test [-- PATH…]`: runs every suite, or the test files under the given paths.
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
import { readReports, removeReport, summary, tally } from './report.ts';
import { codeFolders, type FoundSuite, readSuites } from './suites.ts';

const suites = await readSuites();
const perTestTimeoutMs = 240_000;

let broker: Broker | undefined;
let runner: ReturnType<typeof startRunner> | undefined;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.once(signal, async () => {
    await endAll();
    process.exit(130);
  });

try {
  const files = testFiles(process.argv.slice(2));
  const report = removeReport('node-test');
  const environment: NodeJS.ProcessEnv = { ...process.env, ORDER_STREAM_REPORT: report };
  const selected = suites.filter(({ folder }) =>
    files.some((file) => file.startsWith(`${folder}/`)),
  );
  const downloads = Promise.allSettled(selected.flatMap(({ downloads }) => downloads?.() ?? []));
  if (selected.some(({ needs }) => needs.includes('shared-broker'))) {
    broker = await startBroker();
    process.stdout.write(`Kafka: ${broker.kind} at ${broker.bootstrapServers}\n`);
    Object.assign(environment, brokerEnvironment(broker));
  } else process.stdout.write('Kafka: not needed by these tests\n');
  await downloads;
  process.stdout.write(`${files.length} test files\n`);
  runner = startRunner(files, filesAtOnce(files, selected), environment);
  const code = await new Promise<number>((resolve) => {
    runner?.once('close', (exitCode) => resolve(exitCode ?? 1));
  });
  await endAll();
  process.exit(summarise(code));
} catch (error) {
  await endAll();
  reportAndExit(error);
}

function testFiles(paths: string[]): string[] {
  const under = paths.length > 0 ? paths.map((path) => path.replace(/\/+$/, '')) : defaultFolders();
  const files = under.flatMap((path) =>
    path.endsWith('.test.ts')
      ? [path]
      : globSync(`${path}/**/*.test.ts`, { cwd: root, exclude: (name) => name === 'node_modules' }),
  );
  if (files.length === 0) throw new StackFault(`No test files under ${under.join(', ')}.`);
  return [...new Set(files)].sort();
}

/** Without the suites that have their own step or workflow, because they need more than a broker. */
function defaultFolders(): string[] {
  const plain = suites.filter(({ step }) => step === 'test');
  return [...codeFolders, ...plain.map(({ folder }) => folder)];
}

/** More than one file for each processor only if every file belongs to a suite that mostly waits. */
function filesAtOnce(files: readonly string[], selected: readonly FoundSuite[]): number {
  const usual = Math.min(4, availableParallelism());
  const isOfSuite = (file: string) => selected.some(({ folder }) => file.startsWith(`${folder}/`));
  if (!files.every(isOfSuite)) return usual;
  return Math.max(usual, Math.min(...selected.map((suite) => suite.filesAtOnce ?? usual)));
}

function startRunner(files: string[], concurrency: number, env: NodeJS.ProcessEnv) {
  const flags = [
    '--test',
    `--test-concurrency=${concurrency}`,
    `--test-timeout=${perTestTimeoutMs}`,
    `--test-reporter=${join(import.meta.dirname, 'test-reporter.ts')}`,
    '--test-reporter-destination=stdout',
  ];
  // A separate process group, so that processes that a test left running end with it.
  return spawn(process.execPath, [...flags, ...files], {
    cwd: root,
    env,
    detached: true,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
}

async function endAll(): Promise<void> {
  try {
    if (runner?.pid !== undefined) process.kill(-runner.pid, 'SIGKILL');
  } catch {
    // The whole group has already ended.
  }
  await broker?.stop();
}

function summarise(code: number): number {
  const tests = readReports().flatMap((report) =>
    report.suite === 'node-test' ? report.tests : [],
  );
  const { passed, failed, skipped } = tally(tests);
  if (tests.length === 0) throw new StackFault('The test runner wrote no report.');
  if (process.env.CI && skipped > 0) process.stdout.write('In CI a skipped test is a failure.\n');
  process.stdout.write(`\n${summary(passed, failed, skipped)}\n`);
  return failed > 0 || code !== 0 || (process.env.CI && skipped > 0) ? 1 : 0;
}
