import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startChild } from './child.ts';
import { exclusively } from './exclusive.mjs';
import { StackFault } from './stack-fault.ts';
import { downloadsFolder } from './state-folder.ts';

interface PythonEnvironment {
  /** For messages: `moto`. */
  name: string;
  /** The folder of `downloadsFolder`. Nothing else may write there. */
  folder: string;
  /** A requirements file that pins every package, the indirect ones too. */
  requirements: string;
  /** The oldest minor version of Python 3 that these packages support. */
  minor: number;
}

/** The Python of a virtual environment with these packages. Created the first time, and again when the file changes. */
export async function pythonEnvironment(options: PythonEnvironment): Promise<string> {
  const { name, folder, requirements, minor } = options;
  const requirementsHash = createHash('sha256').update(readFileSync(requirements)).digest('hex');
  const home = downloadsFolder(process.env);
  const environment = join(home, folder);
  const python = join(environment, 'bin', 'python');
  const stamp = join(environment, 'installed');
  const installed = () =>
    existsSync(python) && existsSync(stamp) && readFileSync(stamp, 'utf8') === requirementsHash;
  if (installed()) return python;
  mkdirSync(home, { recursive: true });
  return exclusively(join(home, `${folder}.lock`), async () => {
    if (installed()) return python;
    rmSync(environment, { recursive: true, force: true });
    process.stderr.write(`${name}: creating the virtual environment\n`);
    const run = (command: string, ...args: string[]) => runPython(name, minor, command, args);
    await run('python3', '-c', `import sys; sys.exit(sys.version_info < (3, ${minor}))`);
    await run('python3', '-m', 'venv', environment);
    const flags = ['--disable-pip-version-check', '--no-deps', '--progress-bar=off'];
    await run(python, '-m', 'pip', 'install', ...flags, '-r', requirements);
    // Written last, so that an interrupted installation does not look finished.
    writeFileSync(stamp, requirementsHash);
    return python;
  });
}

async function runPython(
  name: string,
  minor: number,
  command: string,
  args: string[],
): Promise<void> {
  const onLine = (line: string) => {
    if (/^(Collecting|Installing)/.test(line))
      process.stderr.write(`${name}: ${line.slice(0, 120)}\n`);
  };
  const required = `${name} requires Python 3.${minor} or newer as \`python3\`, with venv and pip`;
  const child = await startChild({ name: 'Python', command, args, onLine }).catch(() => {
    throw new StackFault(
      `${required}: install it (\`brew install python\`, \`apt install python3-venv\`).`,
    );
  });
  if ((await child.exited).code !== 0)
    throw new StackFault(
      `${required}, and the network for the first start. python3: ${child.lastLines().slice(-3).join(' ')}`,
    );
}
