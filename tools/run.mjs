// Runs a TypeScript file with the project's own Node 24, from a bare clone and with any Node from 20 on. `--with FOLDER` first
// installs the dependencies of a folder that has its own pnpm-lock.yaml, which most clones never need; without a script,
// nothing runs after that.
// The npm scripts start it with `exec` and npm's own Node, because npm's shell and the shell script
// node_modules/.bin/node do not forward signals.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { exclusively } from '../packages/local-stack/src/exclusive.mjs';

const pnpm = 'pnpm@10.34.8';
const root = resolve(import.meta.dirname ?? new URL('.', import.meta.url).pathname, '..');
// node_modules/.bin/node is a shell script that does not forward signals.
const node = join(root, 'node_modules', 'node', 'bin', 'node');
const state = join(root, '.order-stream');

const words = process.argv.slice(2);
const usage =
  'usage: node tools/run.mjs [--in-callers-folder] [--with FOLDER]... SCRIPT.ts [ARGUMENT...]';
const withFolders = ['.'];
let inCallersFolder = false;
while (words[0]?.startsWith('--')) {
  const flag = words.shift();
  if (flag === '--in-callers-folder') inCallersFolder = true;
  else if (flag === '--with' && words.length > 0) withFolders.push(words.shift());
  else endWithUsage();
}
const [script, ...args] = words;
if (script === undefined && withFolders.length === 1) endWithUsage();
for (const folder of withFolders.filter((one) => !installed(one))) {
  mkdirSync(state, { recursive: true });
  await exclusively(join(state, 'install.lock'), () => install(folder));
}
if (script !== undefined) {
  // npm runs a script in the folder of its package.json, and names the folder in which npm itself was started.
  const folder = (inCallersFolder && process.env.INIT_CWD) || process.cwd();
  endLike(await run(node, [join(root, script), ...args], 'inherit', folder));
}

function endWithUsage() {
  console.error(usage);
  process.exit(64);
}

function lockfileHash(folder) {
  return createHash('sha256')
    .update(readFileSync(join(root, folder, 'pnpm-lock.yaml')))
    .digest('hex');
}

/** The hash of the lockfile whose packages are installed in the folder. */
function stampOf(folder) {
  return join(root, folder, 'node_modules', '.installed-lockfile');
}

function installed(folder) {
  const stamp = stampOf(folder);
  if (!existsSync(node) || !existsSync(stamp)) return false;
  return readFileSync(stamp, 'utf8') === lockfileHash(folder);
}

async function install(folder) {
  // Another process may have installed while this one waited for the lock.
  if (installed(folder)) return;
  const log = join(state, 'install.log');
  const owner = folder === '.' ? '' : ` of ${folder}`;
  console.error(`Fetching the dependencies${owner}… (log: ${relative(process.cwd(), log)})`);
  const hash = lockfileHash(folder);
  const flags = ['install', '--frozen-lockfile', '--config.confirmModulesPurge=false'];
  // The package manager's warnings do not matter if the installation succeeds.
  const output = openSync(log, 'w');
  const fetchAll = () =>
    run('npx', ['--yes', pnpm, ...flags], ['ignore', output, output], join(root, folder));
  let ended = await fetchAll();
  // Single network failures are common. A second failure is reported.
  if (!ended.signal && ended.code !== 0) ended = await fetchAll();
  if (ended.signal) endLike(ended);
  if (ended.code !== 0 || !existsSync(node)) {
    console.error(readFileSync(log, 'utf8').split('\n').slice(-30).join('\n'));
    console.error(
      'The dependencies could not be fetched: check the network and the npm registry setting, then run this again.',
    );
    process.exit(1);
  }
  writeFileSync(stampOf(folder), hash);
}

/** Runs a command to its end, and forwards each signal to it once. */
function run(command, commandArgs, stdio, cwd = process.cwd()) {
  // A separate process group: a terminal sends Ctrl-C to the whole group, and npm forwards it a second time.
  const child = spawn(command, commandArgs, { stdio, cwd, detached: true });
  const lastSignal = new Map();
  const forward = (signal) => {
    const now = performance.now();
    if (now - (lastSignal.get(signal) ?? Number.NEGATIVE_INFINITY) > 300) child.kill(signal);
    lastSignal.set(signal, now);
  };
  // They stay after the command's end: without them, a late second signal would end this process in place of its exit code.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT']) process.on(signal, forward);
  return new Promise((resolve) => {
    child.once('error', (error) => {
      console.error(`${command}: ${error.message}`);
      resolve({ code: 127, signal: null });
    });
    child.once('close', (code, signal) => resolve({ code, signal }));
  });
}

/** Exits with the command's exit code or signal, so that a shell sees the same result. */
function endLike({ code, signal }) {
  if (signal) {
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  }
  process.exit(code ?? 1);
}
