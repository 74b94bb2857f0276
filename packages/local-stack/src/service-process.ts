import { join } from 'node:path';
import { startChild } from './child.ts';
import { glueEnvironment } from './glue-local.ts';
import { freePort } from './ports.ts';
import { root } from './state-folder.ts';
import { until } from './until.ts';

/** Gets the lines of stdout, which are then not kept in memory. */
export interface StdoutReader {
  onLine(line: string): void;
  linesPerSecond?: () => number;
}

/** The test that a process belongs to: a `TestContext`, or what acts as one. */
export interface ProcessOwner {
  /** Calls `end` when the test ends. */
  after(end: () => void): void;
  /** Aborted once the test has ended. */
  signal: AbortSignal;
}

/** Starts a service in its own process, which ends with the test process at the latest. */
export async function startService(options: {
  /** Entry point, from the repository's root: `services/order-producer/src/main.ts`. */
  main: string;
  args?: string[];
  /** Starts the process by a shell, for its redirections and limits: `exec "$@" 2>/dev/full`. */
  shell?: string | undefined;
  /** The whole environment except PATH, HOME and Node's cache, so that a developer's variables do not change a test. */
  env: Record<string, string>;
  /** A `/readyz` URL that must answer 200 within 60 s. */
  readyUrl?: string | false;
  stdout?: StdoutReader | undefined;
  /** The process is killed when this test ends, also before it is ready. */
  context?: ProcessOwner | undefined;
}) {
  const { main, args = [], shell, env, readyUrl, stdout, context } = options;
  const command = [process.execPath, join(root, main), ...args];
  const [program = '', ...words] =
    shell === undefined ? command : ['sh', '-c', shell, 'sh', ...command];
  const lines: Record<'stdout' | 'stderr', string[]> = { stdout: [], stderr: [] };
  const { PATH, HOME, NODE_COMPILE_CACHE } = process.env;
  const child = await startChild({
    name: main,
    command: program,
    args: words,
    cwd: root,
    env: { PATH, HOME, NODE_COMPILE_CACHE, ...env },
    onLine: (line, stream) =>
      stream === 'stdout' && stdout !== undefined ? stdout.onLine(line) : lines[stream].push(line),
    ...(stdout?.linesPerSecond && { stdoutLinesPerSecond: stdout.linesPerSecond }),
  });
  // A hook of a test that has ended is not called.
  if (context?.signal.aborted) child.kill('SIGKILL');
  else context?.after(() => child.kill('SIGKILL'));
  try {
    if (readyUrl)
      await until(
        `${main} is ready`,
        async () => !child.running() || (await fetch(readyUrl)).ok,
        60_000,
      );
    if (readyUrl && !child.running()) throw new Error(`${main} ended before it was ready`);
  } catch (error) {
    await child.stop(5_000);
    throw new Error(`${main} did not become ready:\n${lines.stderr.slice(-30).join('\n')}`, {
      cause: error,
    });
  }
  const { pid, exited, waitForLine, stop } = child;
  return {
    pid,
    exited,
    waitForLine,
    stop,
    stdout: () => [...lines.stdout],
    stderr: () => [...lines.stderr],
    /** Returns at once; `exited` resolves when the process has ended. */
    kill: (signal: NodeJS.Signals = 'SIGKILL') => child.kill(signal),
  };
}

export interface ServiceOptions {
  bootstrapServers: string;
  registry: { endpoint: string };
  topic: string;
  env?: Record<string, string>;
  /** See `startService`. */
  shell?: string;
  waitUntilReady?: boolean;
  stdout?: StdoutReader;
  /** See `startService`. */
  context?: ProcessOwner | undefined;
}

/** Starts one of the two services, by default until it is ready. `own` has the variables that only this service reads. */
export async function startOrderService(
  name: 'order-producer' | 'order-consumer',
  own: Record<string, string>,
  options: ServiceOptions,
) {
  const managementPort = await freePort();
  const managementUrl = `http://127.0.0.1:${managementPort}`;
  const service = await startService({
    main: `services/${name}/src/main.ts`,
    shell: options.shell,
    stdout: options.stdout,
    context: options.context,
    env: {
      BOOTSTRAP_SERVERS: options.bootstrapServers,
      HOST: '127.0.0.1',
      MANAGEMENT_PORT: String(managementPort),
      DRAIN_DELAY_MS: '0',
      ...own,
      ...glueEnvironment(options.registry),
      ...options.env,
    },
    readyUrl: options.waitUntilReady !== false && `${managementUrl}/readyz`,
  });
  return {
    ...service,
    managementUrl,
    /** The faults that the management port reports. Empty when it answers 200. */
    async faults(path: '/readyz' | '/healthz') {
      const answer = await fetch(`${managementUrl}${path}`);
      return ((await answer.json()) as { faults: string[] }).faults;
    },
  };
}
