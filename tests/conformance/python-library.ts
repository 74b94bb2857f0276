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

/** The Python library, against the registry at this endpoint. The first start makes its virtual environment. */
export async function startPythonLibrary(endpoint: string): Promise<ForeignProcess> {
  const python = await fetchPythonLibrary();
  return startForeignProcess({
    command: python,
    // -I: nothing of the user's own environment, -B: no byte code beside the sources
    args: ['-I', '-B', join(folder, 'glue_serde.py'), endpoint],
    env: { ...process.env, TZ: 'UTC' },
  });
}

/** The Python of its virtual environment, made the first time, which it says on stderr. */
export async function fetchPythonLibrary(): Promise<string> {
  const requirements = join(folder, 'requirements.txt');
  const wanted = createHash('sha256').update(readFileSync(requirements)).digest('hex');
  const home = downloadsFolder(process.env);
  const environment = join(home, 'python-conformance');
  const python = join(environment, 'bin', 'python');
  const stamp = join(environment, 'installed');
  const installed = () =>
    existsSync(python) && existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted;
  if (installed()) return python;
  mkdirSync(home, { recursive: true });
  return exclusively(join(home, 'python-conformance.lock'), async () => {
    if (installed()) return python;
    rmSync(environment, { recursive: true, force: true });
    process.stderr.write('Python library: making its virtual environment\n');
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
    // Last, so that an installation cut short does not look finished.
    writeFileSync(stamp, wanted);
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
          'The conformance tests need Python 3.9 or newer as `python3`: install it (`brew install python`, `apt install python3-venv`).',
        ),
      ),
    );
    child.once('close', (code) => {
      if (code === 0) return resolve();
      reject(
        new StackFault(
          `The Python library could not be installed (needs python3 with venv and pip, and the network). It says: ${lastLines.slice(-3).join(' ')}`,
        ),
      );
    });
  });
}
