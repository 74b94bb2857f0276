import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';

/** Runs a program as a process; `read: false` closes the other end of its stdout before it writes. */
async function runScript(run: string, { read = true, env = {} } = {}) {
  const script = `import { runProcess } from '${new URL('run-process.ts', import.meta.url).href}';
    import { once } from 'node:events';
    const stop = new AbortController();
    await runProcess({ name: 'it', stderr: process.stderr, onOutputFault: () => stop.abort() }, async () => { ${run} });`;
  const { PATH, NODE_COMPILE_CACHE } = process.env;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
    env: { PATH, NODE_COMPILE_CACHE, ...env },
  });
  if (!read) child.stdout.destroy();
  const stdout = read ? text(child.stdout) : '';
  const stderr = text(child.stderr);
  const [code] = await once(child, 'close');
  return { code, stdout: await stdout, stderr: await stderr };
}

const untilStopped = `
  const stopped = once(stop.signal, 'abort');
  const timer = setInterval(() => process.stdout.write('line\\n'), 5);
  await stopped;
  clearInterval(timer);`;

test('a program whose reader has ended is told so, and ends with its own code and without a message', async () => {
  for (const code of [0, 1])
    assert.deepEqual(await runScript(`${untilStopped} return ${code};`, { read: false }), {
      ...{ code, stdout: '', stderr: '' },
    });
});

test('an error that the program does not expect is one line; its stack is printed on request', async () => {
  const fails = `process.stdout.write('a line\\n'); throw new TypeError('x is not y\\nand more');`;
  const expected = 'it: unexpected error: x is not y\n';
  assert.deepEqual(await runScript(fails), { code: 1, stdout: 'a line\n', stderr: expected });
  const { stderr } = await runScript(fails, { env: { NODE_DEBUG: 'command-line' } });
  assert.match(stderr, /TypeError: x is not y\n.*\n +at /);
  assert.ok(stderr.endsWith(expected));
});
