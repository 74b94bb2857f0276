import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { before, test } from 'node:test';
import { root } from '@order-stream/local-stack/state-folder';
import { type InstalledPackages, installedPackages } from './installed-packages.ts';
import { nodeOf } from './node-version.ts';
import { plainEnvironment } from './run-command.ts';

const readmeOf = (name: string) => readFileSync(join(root, 'packages', name, 'README.md'), 'utf8');
const shellBlocks = (readme: string) =>
  [...readme.matchAll(/```sh\n(.*?)```/gs)].map(([, block]) => block as string);

const readme = readmeOf('serde');
const [install = '', startRegistry = ''] = shellBlocks(readme);
const [, program = '', printed = ''] =
  /```js\n\/\/ quick-start\.mjs\n(.*?)```\n\n```text\n(.*?)```/s.exec(readme) ?? [];

let installed: InstalledPackages;
before(async () => {
  installed = await installedPackages();
  writeFileSync(join(installed.folder, 'quick-start.mjs'), program);
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

/** Runs the lines in bash, with that Node, in the folder of a stranger. Returns what they print to stdout. */
async function inShell(script: string, node: string): Promise<string> {
  const port = String(await freePort());
  const { PATH = '', ...environment } = plainEnvironment();
  const lines = script.replaceAll('4570', port);
  // A group of its own, because the registry runs in the background.
  const shell = spawn('bash', ['-e', '-c', lines], {
    cwd: installed.folder,
    env: { ...environment, PATH: `${dirname(node)}:${PATH}`, GLUE_LOCAL_PORT: port },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = Promise.all([text(shell.stdout), text(shell.stderr)]);
  const [code] = await once(shell, 'exit');
  if (shell.pid !== undefined) process.kill(-shell.pid, 'SIGKILL');
  const [stdout, stderr] = await output;
  assert.equal(code, 0, stderr);
  return stdout;
}

test('the READMEs install the files that packing makes', () => {
  const named = ['serde', 'glue-schemas', 'glue-local'].flatMap((name) =>
    shellBlocks(readmeOf(name)).flatMap((block) => block.match(/order-stream-[\w.-]+\.tgz/g) ?? []),
  );
  const packed = Object.values(installed.tarballs).map((path) => path.split('/').at(-1));
  assert.deepEqual([...new Set(named)].sort(), packed.sort());
  assert.match(install, /^npm init -y\nnpm install /);
});

test('four lines start glue-local and name it, as README says', () => {
  assert.equal(startRegistry.trim().split('\n').length, 4);
});

for (const [version, node] of [
  ['Node 24', () => process.execPath],
  ['Node 22', () => nodeOf(22)],
] as const)
  test(`the quick start of serde works word for word with ${version}`, async () => {
    const stdout = await inShell(`${startRegistry}\nnode quick-start.mjs`, await node());
    assert.equal(stdout, printed);
  });

test('the quick start of glue-schemas works word for word', async () => {
  const schemasReadme = readmeOf('glue-schemas');
  const [, start = '', commands = ''] = shellBlocks(schemasReadme);
  assert.equal(start, startRegistry);
  const [, shown = ''] = /```text\n(.*?)```/s.exec(schemasReadme) ?? [];
  const withoutIds = (output: string) =>
    output.replace(/\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g, 'ID');
  const stdout = await inShell(`${start}\n${commands}`, process.execPath);
  assert.equal(withoutIds(stdout), withoutIds(shown));
  assert.match(shown, /^payments-value version 1: \S+\npayments-value\n$/);
});

test('the installed command of glue-schemas lists what the quick start of serde registered', async () => {
  const script = `${startRegistry}\nnode quick-start.mjs\nnpx glue-schemas list`;
  assert.equal(await inShell(script, process.execPath), `${printed}payments-value\n`);
});
