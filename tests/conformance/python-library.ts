import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startChild } from '@order-stream/local-stack/child';
import { exclusively } from '@order-stream/local-stack/exclusive';
import { StackFault } from '@order-stream/local-stack/stack-fault';
import { downloadsFolder } from '@order-stream/local-stack/state-folder';
import { type ForeignProcess, startForeignProcess } from './foreign-process.ts';

const folder = join(import.meta.dirname, 'python');

/** Starts the Python library with the registry at this endpoint. The first start creates its virtual environment. */
export async function startPythonLibrary(endpoint: string): Promise<ForeignProcess> {
  const python = await fetchPythonLibrary();
  // -I ignores the user's environment, -B writes no byte code beside the sources.
  const args = ['-I', '-B', join(folder, 'glue_serde.py'), endpoint];
  return startForeignProcess(python, args, { ...process.env, TZ: 'UTC' });
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
    await run('python3', '-m', 'venv', environment);
    const flags = ['--disable-pip-version-check', '--no-deps', '--progress-bar=off'];
    await run(python, '-m', 'pip', 'install', ...flags, '-r', requirements);
    // Written last, so that an interrupted installation does not look finished.
    writeFileSync(stamp, requirementsHash);
    return python;
  });
}

async function run(command: string, ...args: string[]): Promise<void> {
  const onLine = (line: string) => {
    if (/^(Collecting|Installing)/.test(line))
      process.stderr.write(`Python library: ${line.slice(0, 120)}\n`);
  };
  const child = await startChild({ name: 'Python', command, args, onLine }).catch(() => {
    throw new StackFault(
      'The conformance tests require Python 3.9 or newer as `python3`: install it (`brew install python`, `apt install python3-venv`).',
    );
  });
  if ((await child.exited).code !== 0)
    throw new StackFault(
      `Cannot install the Python library, which requires python3 with venv and pip, and the network. pip: ${child.lastLines().slice(-3).join(' ')}`,
    );
}
