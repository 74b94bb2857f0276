import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  closeSync,
  constants,
  mkdtempSync,
  openSync,
  readFileSync,
  readSync,
  rmSync,
  truncateSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { createLogOutput } from './log-output.ts';

function temporaryFolder(context: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'log-output-'));
  context.after(() => rmSync(folder, { recursive: true }));
  return folder;
}

/** A pipe whose reader reads when the test says so. */
function openPipe(context: TestContext) {
  const path = join(temporaryFolder(context), 'pipe');
  execFileSync('mkfifo', [path]);
  const reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const writer = openSync(path, 'w');
  const chunk = Buffer.alloc(1024 * 1024);
  return {
    writer,
    close: () => closeSync(reader),
    read(): string {
      let got = '';
      try {
        for (;;) {
          const length = readSync(reader, chunk);
          if (length === 0) return got;
          got += chunk.toString('utf8', 0, length);
        }
      } catch {
        return got;
      }
    },
  };
}

const lineOf = (number: number) => `line ${number} ${'x'.repeat(1_000)}\n`;

/** Reads until the last line that was read is `last`. */
async function readUntil(pipe: { read(): string }, last: string): Promise<string[]> {
  let got = '';
  for (const started = performance.now(); !got.endsWith(last); ) {
    assert.ok(performance.now() - started < 20_000, `expected the last line to be ${last}`);
    got += pipe.read();
    await new Promise(setImmediate);
  }
  return got.split('\n').slice(0, -1);
}

test('a line is in the pipe when write returns', (context) => {
  const pipe = openPipe(context);
  const output = createLogOutput(pipe.writer);
  output.write('one\n');
  output.write('two\n');
  assert.equal(pipe.read(), 'one\ntwo\n');
});

test('while the reader does not read, lines wait up to the bound, and one line in their place reports those that were lost', async (context) => {
  const pipe = openPipe(context);
  const output = createLogOutput(pipe.writer, { maxBytes: 100_000 });
  for (let number = 0; number < 600; number += 1) output.write(lineOf(number));
  const lost = output.lostLines();
  assert.ok(lost > 400 && lost < 500, `${lost} of 600 lines were lost`);
  const report = `${lost} log lines were lost: the reader was too slow`;
  const lines = await readUntil(pipe, `${report}\n`);
  const first = Array.from({ length: 600 - lost }, (_, number) => lineOf(number).trimEnd());
  assert.deepEqual(lines, [...first, report]);
  output.write('after\n');
  assert.equal(pipe.read(), 'after\n');
  assert.equal(output.lostLines(), lost);
});

test('a line that is longer than the pipe arrives whole, and the next line after it', async (context) => {
  const pipe = openPipe(context);
  const output = createLogOutput(pipe.writer);
  const long = 'é'.repeat(150_000);
  output.write(`${long}\n`);
  output.write('next\n');
  assert.deepEqual(await readUntil(pipe, 'next\n'), [long, 'next']);
});

test('lines that are accepted after a loss stay behind its report', async (context) => {
  const pipe = openPipe(context);
  const output = createLogOutput(pipe.writer, { maxBytes: 100_000 });
  output.describeLoss((lines, reason) => `${JSON.stringify({ lines, reason })}\n`);
  for (let number = 0; number < 200; number += 1) output.write(lineOf(number));
  const lost = output.lostLines();
  output.write('short\n');
  const lines = await readUntil(pipe, 'short\n');
  assert.deepEqual(lines.slice(-2), [
    `{"lines":${lost},"reason":"the reader was too slow"}`,
    'short',
  ]);
});

test('without a reader, to a full device and to a descriptor for reading, write does not throw, and every line is counted', (context) => {
  const pipe = openPipe(context);
  pipe.close();
  const full = openSync('/dev/full', 'w');
  const unwritable = openSync('/dev/null', 'r');
  for (const descriptor of [pipe.writer, full, unwritable]) {
    const output = createLogOutput(descriptor);
    output.write('one\n');
    assert.equal(output.lostLines(), 1);
    output.write('two\n');
    output.flush();
    assert.equal(output.lostLines(), 2);
  }
});

const index = new URL('index.ts', import.meta.url).href;

/** Runs `script` in a process of its own, which logs to the file `log`. Files have at most 8 KiB. */
function runWithSmallFiles(context: TestContext, script: string) {
  const log = join(temporaryFolder(context), 'log');
  const code = `import { standardError } from '${index}'; const output = standardError(); ${script}`;
  const command = [process.execPath, '--input-type=module', '--eval', code];
  const child = spawn('prlimit', ['--fsize=8192:', ...command], {
    stdio: ['ignore', 'pipe', openSync(log, 'a')],
  });
  context.after(() => child.kill('SIGKILL'));
  const liftLimit = () =>
    execFileSync('prlimit', ['--pid', String(child.pid), '--fsize=unlimited:unlimited']);
  return { stdout: child.stdout as Readable, log, liftLimit };
}

/** Lines of 1 000 bytes: the ninth is cut off at 8 KiB. */
const twentyLines = `
  for (let line = 0; line < 20; line++) output.write(String(line).padEnd(999, 'x') + '\\n');
  setInterval(() => output.lostLines() > 0 && console.log(output.lostLines()), 20);
`;

async function logEndingWith(log: string, end: string): Promise<string[]> {
  for (;;) {
    const text = readFileSync(log, 'utf8');
    if (text.endsWith(end)) return text.split('\n').slice(0, -1);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

test('a line that the limit of a file cut off is completed when there is room, and the loss is reported', async (context) => {
  const { stdout, log, liftLimit } = runWithSmallFiles(context, twentyLines);
  const [lost] = await once(stdout, 'data');
  assert.match(String(lost), /^11\n/);
  liftLimit();
  const report = '11 log lines were lost: EFBIG';
  const lines = await logEndingWith(log, `${report}\n`);
  assert.deepEqual(lines, [...numbered(0, 9), report]);
});

test('a line that was cut off and then truncated with its file leaves no half line', async (context) => {
  const { stdout, log } = runWithSmallFiles(context, twentyLines);
  await once(stdout, 'data');
  truncateSync(log);
  const report = '12 log lines were lost: EFBIG';
  assert.deepEqual(await logEndingWith(log, `${report}\n`), [report]);
});

const numbered = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, line) => String(from + line).padEnd(999, 'x'));

/** Writes 2 000 lines at once, then says so on stdout, and ends when its stdin ends. */
const manyLines = `
  import { standardError } from '${index}';
  const output = standardError();
  for (let line = 0; line < 2_000; line++) output.write(String(line).padEnd(999, 'x') + '\\n');
  console.log('written');
  process.stdin.resume().once('end', () => process.exit(0));
`;

test('a socket that nobody reads stops neither the process nor its end, and its lines are whole', async (context) => {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', manyLines]);
  context.after(() => child.kill('SIGKILL'));
  await once(child.stdout, 'data');
  child.stdin.end();
  let log = '';
  // Later, Node would discard what was not read.
  child.once('exit', () => child.stderr.setEncoding('utf8').on('data', (part) => (log += part)));
  const closed = once(child, 'close');
  assert.deepEqual(await once(child, 'exit'), [0, null]);
  await closed;
  const whole = log.split('\n').slice(0, -1);
  assert.ok(whole.length > 0);
  assert.deepEqual(whole, numbered(0, whole.length));
});

test('lines that wait when the process ends are written to a reader that reads', async (context) => {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', manyLines]);
  context.after(() => child.kill('SIGKILL'));
  child.stdin.end();
  const lines = (await text(child.stderr)).split('\n').slice(0, -1);
  const report = /^(\d+) log lines were lost/.exec(lines.at(-1) ?? '');
  const whole = report === null ? lines : lines.slice(0, -1);
  assert.deepEqual(whole, numbered(0, whole.length));
  assert.equal(whole.length + Number(report?.[1] ?? 0), 2_000);
});
