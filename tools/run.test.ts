import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { type TestContext, test } from 'node:test';
import { root } from '@order-stream/local-stack/state-folder';

/** Runs a script with this text as the npm scripts do, from a folder other than the root. */
function runScript(text: string, args: string[] = []) {
  const folder = mkdtempSync(join(import.meta.dirname, '.run-test-'));
  const script = join(folder, 'script.ts');
  writeFileSync(script, text);
  const child = spawn(
    process.execPath,
    [join(root, 'tools/run.mjs'), relative(root, script), ...args],
    { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] },
  );
  let output = '';
  const firstOutput = Promise.withResolvers<void>();
  child.stdout.on('data', (chunk) => {
    output += chunk;
    firstOutput.resolve();
  });
  const ended = once(child, 'close').then(([code, signal]) => {
    rmSync(folder, { recursive: true });
    return { code, signal, output };
  });
  return { child, firstOutput: firstOutput.promise, ended };
}

test('a script gets its arguments, the caller’s folder and Node 24, and its exit code is returned', async () => {
  const text = `const node: string = process.version.split('.')[0];
    console.log(JSON.stringify([node, process.cwd().includes('.run-test-'), ...process.argv.slice(2)]));
    process.exit(7);`;
  const { code, output } = await runScript(text, ['--once', 'two words']).ended;
  assert.deepEqual(JSON.parse(output), ['v24', true, '--once', 'two words']);
  assert.equal(code, 7);
});

test('a script gets a signal once, although npm and the terminal both send it', async () => {
  const text = `let seen = 0;
    process.on('SIGINT', () => { seen++; setImmediate(() => { console.log(seen); process.exit(3); }); });
    setInterval(() => {}, 1_000);
    console.log('listening');`;
  const run = runScript(text);
  await run.firstOutput;
  run.child.kill('SIGINT');
  run.child.kill('SIGINT');
  const { code, output } = await run.ended;
  assert.equal(output, 'listening\n1\n');
  assert.equal(code, 3);
});

test('the caller sees the signal that ended a script', async () => {
  const run = runScript("console.log('up'); setInterval(() => {}, 1_000);");
  await run.firstOutput;
  run.child.kill('SIGTERM');
  assert.equal((await run.ended).signal, 'SIGTERM');
});

const linkNode = 'mkdir -p node_modules/node/bin && ln -s "$NODE" node_modules/node/bin/node';

/** Runs `npm run` in a clone without dependencies, with a shell script in place of `npx`. */
function runInClone(context: TestContext, npx: string, args: readonly string[] = ['script.ts']) {
  const clone = mkdtempSync(join(tmpdir(), 'order-stream-clone-'));
  context.after(() => rmSync(clone, { recursive: true }));
  for (const path of ['tools/run.mjs', 'packages/local-stack/src/exclusive.mjs', 'pnpm-lock.yaml'])
    cpSync(join(root, path), join(clone, path));
  writeFileSync(join(clone, 'script.ts'), "console.log('it runs');");
  mkdirSync(join(clone, 'bin'));
  writeFileSync(join(clone, 'bin/npx'), `#!/bin/sh\n${npx}\n`, { mode: 0o755 });
  mkdirSync(join(clone, 'apart'));
  writeFileSync(join(clone, 'apart/pnpm-lock.yaml'), 'lockfileVersion: 9');
  return spawnSync(process.execPath, ['tools/run.mjs', ...args], {
    cwd: clone,
    encoding: 'utf8',
    env: { ...process.env, PATH: `${clone}/bin:${process.env.PATH}`, NODE: process.execPath },
  });
}

test('a first run hides the package manager’s output', (context) => {
  const install = `echo 'warn deprecated'; ${linkNode}`;
  const { status, stdout, stderr } = runInClone(context, install);
  assert.equal(status, 0, stderr);
  assert.equal(stdout, 'it runs\n');
  assert.equal(stderr, 'Fetching the dependencies… (log: .order-stream/install.log)\n');
});

test('--with installs the dependencies of a folder that has its own lockfile, once, before the script', (context) => {
  const npx = `pwd >>"$HOME/installed"; case "$PWD" in */apart) mkdir node_modules ;; *) ${linkNode} ;; esac`;
  const home = mkdtempSync(join(tmpdir(), 'order-stream-home-'));
  context.after(() => rmSync(home, { recursive: true }));
  const args = ['--with', 'apart', '--with', 'apart', 'script.ts'];
  const { status, stdout, stderr } = runInClone(context, `HOME=${home}\n${npx}`, args);
  assert.equal(status, 0, stderr);
  assert.equal(stdout, 'it runs\n');
  const folders = readFileSync(join(home, 'installed'), 'utf8').trim().split('\n');
  assert.deepEqual(folders, [dirname(folders[1] ?? ''), join(folders[0] ?? '', 'apart')]);
  assert.match(stderr, /^Fetching the dependencies of apart… /m);
});

test('an unknown flag and a missing script are errors of usage', (context) => {
  for (const args of [[], ['--with'], ['--other', 'script.ts']]) {
    const { status, stderr } = runInClone(context, 'exit 1', args);
    assert.equal(status, 64);
    assert.match(stderr, /^usage: /);
  }
});

test('a failed installation shows the package manager’s output', (context) => {
  const { status, stderr } = runInClone(context, "echo 'ERR no space left'; exit 3");
  assert.equal(status, 1);
  assert.match(stderr, /^ERR no space left$/m);
  assert.match(stderr, /could not be fetched: check the network/);
});
