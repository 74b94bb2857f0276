import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, globSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, afterEach, before, test } from 'node:test';
import { type Child, startChild } from '@order-stream/local-stack/child';
import { isPortFree } from '@order-stream/local-stack/ports';
import { printedOrder, referenceOrder } from '@order-stream/local-stack/reference-order';
import { root } from '@order-stream/local-stack/state-folder';
import { until } from '@order-stream/local-stack/until';

const folder = mkdtempSync(join(tmpdir(), 'order-stream-start-'));
const ports: Record<string, number> = {
  PRODUCER_PORT: 0,
  PRODUCER_MANAGEMENT_PORT: 1,
  CONSUMER_MANAGEMENT_PORT: 2,
  KAFKA_PORT: 3,
  GLUE_LOCAL_PORT: 4,
};
before(async () => {
  // Below those that other tests take: between two starts these must stay free.
  do {
    const first = 10_000 + 5 * Math.floor(Math.random() * 1_000);
    for (const [at, name] of Object.keys(ports).entries()) ports[name] = first + at;
  } while ((await takenPorts()).length > 0);
});
// A test that fails before it has ended its stack must not hold up those after it.
afterEach(async () => {
  for (const one of runs.splice(0)) {
    if (!one.running()) continue;
    one.kill('SIGINT');
    await ended(one);
  }
});
after(async () => {
  // With Docker it is a volume that remains.
  await ended(await run('clean'));
  rmSync(folder, { recursive: true, force: true });
});

interface Run extends Child {
  stdout: string[];
  stderr: string[];
}

const runs: Run[] = [];

/** As `npm start` and `npm run clean`, with ports and a state folder of this test's own. */
async function run(script: 'start' | 'clean', args: string[] = [], env: NodeJS.ProcessEnv = {}) {
  const lines: Record<'stdout' | 'stderr', string[]> = { stdout: [], stderr: [] };
  const wired = Object.entries(ports).map(([name, port]) => [name, String(port)]);
  const child = await startChild({
    name: script,
    command: process.execPath,
    args: [join(root, 'tools', `${script}.ts`), ...args],
    cwd: root,
    // All of it: Docker, Java and Maven each have variables of their own.
    env: { ...process.env, ORDER_STREAM_STATE: folder, ...Object.fromEntries(wired), ...env },
    onLine: (line, stream) => lines[stream].push(line),
    // Lets it end its broker.
    atOurExit: 'SIGTERM',
  });
  const started = { ...child, ...lines } satisfies Run;
  runs.push(started);
  return started;
}

async function ended(child: Run): Promise<number | null> {
  try {
    await until(`${child.name} has ended`, () => !child.running(), 200_000);
  } catch (cause) {
    throw new Error(`it does not end:\n${child.stderr.join('\n')}`, { cause });
  }
  return (await child.exited).code;
}

/** Every process by its id with its parent's, but for those that have ended and are not yet collected. */
function processes(): Map<number, number> {
  const rows = existsSync('/proc/self/stat')
    ? globSync('/proc/[0-9]*/stat').map(statOf)
    : spawnSync('ps', ['-A', '-o', 'pid=,stat=,ppid='], { encoding: 'utf8' }).stdout.split('\n');
  const found = rows.map((row) => /^\s*(\d+)\s(?:\(.*\))?\s*([^Z\s])\S*\s+(\d+)/s.exec(row) ?? []);
  return new Map(found.map(([, pid, , parent]) => [Number(pid), Number(parent)]));
}

function statOf(path: string): string {
  try {
    const stat = readFileSync(path, 'utf8');
    // A main thread that has ended is a zombie, too, while other threads still hold the ports.
    const hasThreads = readdirSync(join(dirname(path), 'task')).length > 1;
    return hasThreads ? stat.replace(') Z ', ') R ') : stat;
  } catch {
    return ''; // It has ended since.
  }
}

function below(pid: number): number[] {
  const found = [pid];
  const parents = processes();
  for (const one of found)
    for (const [child, parent] of parents) if (parent === one) found.push(child);
  return found.slice(1);
}

async function takenPorts(): Promise<string[]> {
  const taken: string[] = [];
  for (const [name, port] of Object.entries(ports)) if (!(await isPortFree(port))) taken.push(name);
  return taken;
}

const logOf = (script: string) =>
  readFileSync(join(folder, `.order-stream/logs/${script}.log`), 'utf8');

interface Receipt {
  partition: number;
  offset: string;
  schema_version_id: string;
}
let first: Receipt;

function receipt({ stderr }: Run): Receipt {
  const answer = stderr.find((line) => line.startsWith('201 ')) ?? assert.fail(stderr.join('\n'));
  return JSON.parse(answer.slice(4));
}

const places = ({ stdout }: Run) =>
  stdout.map((line) => {
    const { topic, partition, offset } = JSON.parse(line);
    return { topic, partition, offset };
  });

test('D-03 npm start -- --once gets 201 with partition and offset for an order, prints it decoded, and ends with 0', async () => {
  const start = await run('start', ['--once']);
  assert.equal(await ended(start), 0, start.stderr.join('\n'));
  first = receipt(start);
  assert.deepEqual(places(start), [{ topic: 'orders', partition: first.partition, offset: 0 }]);
  assert.equal(first.offset, '0');
  assert.deepEqual(JSON.parse(start.stdout[0] as string).value, printedOrder(referenceOrder));
  assert.deepEqual(await takenPorts(), []);
});

test('a later start goes on where the earlier one ended, stays up alone, and leaves nothing behind at Ctrl-C', async () => {
  const start = await run('start');
  await start.waitForLine(/Ctrl-C ends everything/, 200_000);
  const second = receipt(start);
  assert.deepEqual(second, { ...first, offset: '1' });
  // The earlier order is on the topic and committed: it is not printed again.
  assert.deepEqual(places(start), [{ topic: 'orders', partition: first.partition, offset: 1 }]);

  const another = await run('start');
  assert.equal(await ended(another), 1);
  assert.deepEqual(another.stderr, [
    `The local stack is running (process ${start.pid}): end it with Ctrl-C first.`,
  ]);

  const started = below(start.pid);
  assert.ok(started.length >= 4, `${started.length} processes`);
  assert.equal((await takenPorts()).length, 5);
  // What a terminal does at Ctrl-C.
  for (const pid of [start.pid, ...started]) process.kill(pid, 'SIGINT');
  assert.equal(await ended(start), 0, start.stderr.join('\n'));
  await until('all that it started has ended', () => !started.some((pid) => processes().has(pid)));
  assert.deepEqual(await takenPorts(), []);
  // A broker that was killed recovers its logs at the next start. On Docker its data are in a volume.
  const data = globSync(join(folder, '.order-stream/kafka/*/data'));
  assert.deepEqual(
    data.filter((one) => !existsSync(join(one, '.kafka_cleanshutdown'))),
    [],
  );
});

/** The command of npm start's own list that stops this part, and what stands beside it. */
function stopOf(part: string, { stderr }: Run): [string, string] {
  const [, command = '', beside = ''] =
    stderr
      .map((line) => /^ {2}((?:kill|docker) .*?) {2,}(.*)$/.exec(line) ?? [])
      .find((found) => found[2]?.startsWith(part)) ?? assert.fail(stderr.join('\n'));
  return [command, beside];
}

const shell = (command: string) =>
  assert.equal(spawnSync(command, { shell: true, stdio: 'ignore' }).status, 0, command);

async function order(): Promise<number> {
  const response = await fetch(`http://127.0.0.1:${ports.PRODUCER_PORT}/orders`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"user_id":"dicxa","order_items":[{"product_id":5947,"quantity":8}]}',
  });
  return response.status;
}

test('a part that is stopped ends nothing else: npm start says what its absence does, and when it is back', async () => {
  const start = await run('start', [], { LOG_LEVEL: 'silent', AWS_PROFILE: 'mine', PORT: '1' });
  await start.waitForLine(/Ctrl-C ends everything/, 200_000);
  const ignored = start.stderr.find((line) => line.startsWith('Not passed')) ?? '';
  assert.match(ignored, /\bAWS_PROFILE\b.*\bPORT\b/);
  assert.doesNotMatch(ignored, /LOG_LEVEL/);
  assert.equal(logOf('producer'), '');

  shell(stopOf('glue-local', start)[0]);
  await start.waitForLine(
    /^glue-local has ended .* the other parts continue: orders continue/,
    30_000,
  );
  await start.waitForLine(
    /^To start it again, in a second terminal: .* npm run glue-local$/,
    30_000,
  );
  assert.equal(await order(), 201);

  const [pauseKafka, beside] = stopOf('Kafka', start);
  shell(pauseKafka);
  await start.waitForLine(/^producer: not ready: brokers: /, 60_000);
  shell(/^Kafka; (.*) resumes it$/.exec(beside)?.[1] ?? assert.fail(beside));
  await start.waitForLine(/^producer: ready again$/, 60_000);

  shell(stopOf('consumer', start)[0].replace('kill', 'kill -KILL'));
  await start.waitForLine(/^consumer has ended \(SIGKILL\); .* orders are answered 201/, 30_000);
  assert.equal(await order(), 201);
  shell(stopOf('producer', start)[0]);
  await start.waitForLine(/^producer has ended \(exit code 0\); .* no orders are accepted/, 60_000);
  assert.ok(start.running());
  start.kill('SIGINT');
  assert.equal(await ended(start), 0, start.stderr.join('\n'));
  assert.deepEqual(await takenPorts(), []);
});

test('a start after a consumer was killed says that it waits for the old group member', async () => {
  const start = await run('start', ['--once']);
  assert.equal(await ended(start), 0, start.stderr.join('\n'));
  assert.match(start.stderr.join('\n'), /^The consumer is waiting for the old group member/m);
});

test('a port that is taken ends a start with one line that names port and variable', async () => {
  for (const name of Object.keys(ports)) {
    const port = ports[name] as number;
    const server = createServer().listen(port, '127.0.0.1');
    await once(server, 'listening');
    try {
      const start = await run('start', ['--once']);
      assert.equal(await ended(start), 1);
      assert.equal(start.stderr.length, 1, start.stderr.join('\n'));
      assert.match(
        start.stderr[0] as string,
        new RegExp(`^Port ${port} for .* is taken by another program: .* set ${name} to another`),
      );
      assert.deepEqual(start.stdout, []);
    } finally {
      server.close();
    }
  }
});

test('without Docker and Java a start says what to install, and leaves nothing behind', async () => {
  const nowhere = join(folder, 'nowhere');
  const start = await run('start', ['--once'], {
    KAFKA_RUNTIME: 'auto',
    PATH: nowhere,
    JAVA_HOME: nowhere,
  });
  assert.equal(await ended(start), 1);
  assert.match(
    start.stderr.join('\n'),
    /Java 17 or newer is not installed\. Start Docker, or install Java/,
  );
  assert.deepEqual(await takenPorts(), []);
});

test('npm run clean removes what the local stack kept', async () => {
  assert.ok(existsSync(join(folder, '.order-stream', 'glue-local.db')));
  const clean = await run('clean');
  assert.equal(await ended(clean), 0, clean.stderr.join('\n'));
  assert.ok(!existsSync(join(folder, '.order-stream')));
});
