import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { exclusively } from '@order-stream/local-stack/exclusive';
import { StackFault } from '@order-stream/local-stack/stack-fault';
import { downloadsFolder } from '@order-stream/local-stack/state-folder';
import { type ForeignProcess, startForeignProcess } from './foreign-process.ts';

const folder = join(import.meta.dirname, 'python');

/** Starts the Python library with the registry at this endpoint. The first start creates its virtual environment. */
export async function startPythonLibrary(endpoint: string): Promise<ForeignProcess> {
  const python = await fetchPythonLibrary();
  return startForeignProcess({
    command: python,
    // -I ignores the user's environment, -B writes no byte code beside the sources.
    args: ['-I', '-B', join(folder, 'glue_serde.py'), endpoint],
    env: { ...process.env, TZ: 'UTC' },
  });
}

/** The Python of the library's virtual environment. Creates it the first time and reports that on stderr. */
export async function fetchPythonLibrary(): Promise<string> {
  const requirements = join(folder, 'requirements.txt');
  const requirementsHash = createHash('sha256').update(readFileSync(requirements)).digest('hex');
  const home = downloadsFolder(process.env);
  const environment = join(home, 'python-conformance');
  const python = join(environment, 'bin', 'python');
  const stamp = join(environment, 'installed');
  const installed = () =>
    existsSync(python) && existsSync(stamp) && readFileSync(stamp, 'utf8') === requirementsHash;
  if (installed()) return python;
  mkdirSync(home, { recursive: true });
  return exclusively(join(home, 'python-conformance.lock'), async () => {
    if (installed()) return python;
    rmSync(environment, { recursive: true, force: true });
    process.stderr.write('Python library: creating the virtual environment\n');
    await run('python3', ['-m', 'venv', environment]);
    await run(python, [
      '-m',
      'pip',
      'install',
      '--disable-pip-version-check',
      '--no-deps',
      '--progress-bar=off',
      '-r',
      requirements,
    ]);
    // Written last, so that an interrupted installation does not look finished.
    writeFileSync(stamp, requirementsHash);
    return python;
  });
}

function run(command: string, args: string[]): Promise<void> {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const lastLines: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      lastLines.push(line);
      if (/^(Collecting|Installing)/.test(line))
        process.stderr.write(`Python library: ${line.slice(0, 120)}\n`);
    });
  }
  return new Promise((resolve, reject) => {
    child.once('error', () =>
      reject(
        new StackFault(
          'The conformance tests require Python 3.9 or newer as `python3`: install it (`brew install python`, `apt install python3-venv`).',
        ),
      ),
    );
    child.once('close', (code) => {
      if (code === 0) return resolve();
      reject(
        new StackFault(
          `Cannot install the Python library, which requires python3 with venv and pip, and the network. pip: ${lastLines.slice(-3).join(' ')}`,
        ),
      );
    });
  });
}
