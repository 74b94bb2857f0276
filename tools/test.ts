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
import { root, stateFolder } from '@order-stream/local-stack/state-folder';
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
  const environment: NodeJS.ProcessEnv = {
    ...process.env,
    ORDER_STREAM_REPORT: report,
    // Half of the processor time of most processes here is compiling the same code again.
    NODE_COMPILE_CACHE: join(stateFolder, 'compile-cache'),
  };
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
  runner = startRunner(files, filesAtOnce(selected), environment);
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
      : globSync(`${path}/**/*.test.ts`, {
          cwd: root,
          exclude: (name) => name === 'node_modules',
        }).sort(),
  );
  if (files.length === 0) throw new StackFault(`No test files under ${under.join(', ')}.`);
  const longest = suites.flatMap(({ folder, longestFiles = [] }) =>
    longestFiles.map((name) => `${folder}/${name}`),
  );
  return [...new Set([...longest.filter((file) => files.includes(file)), ...files])];
}

/**
 * Without the suites that have their own step or workflow, because they need more than a broker. The longest files come
 * first: a long file that starts last would run alone.
 */
function defaultFolders(): string[] {
  const plain = suites.filter(({ step }) => step === 'test');
  return [...plain.map(({ folder }) => folder), ...codeFolders];
}

/** As many as every suite allows. */
function filesAtOnce(selected: readonly FoundSuite[]): number {
  const usual = Math.min(4, availableParallelism());
  // Two files more, because those of the step `test` wait for brokers and services half of their time.
  const ofStepTest = usual + 2;
  const ofSuite = ({ step, filesAtOnce = step === 'test' ? ofStepTest : usual }: FoundSuite) =>
    filesAtOnce;
  return Math.min(ofStepTest, ...selected.map(ofSuite));
}

function startRunner(files: string[], concurrency: number, env: NodeJS.ProcessEnv) {
  const args = [String(concurrency), String(perTestTimeoutMs), ...files];
  // A separate process group, so that processes that a test left running end with it.
  return spawn(process.execPath, [join(import.meta.dirname, 'run-tests.ts'), ...args], {
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
