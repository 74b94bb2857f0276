import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { startChild } from '@order-stream/local-stack/child';
import { exclusively } from '@order-stream/local-stack/exclusive';
import { pythonEnvironment } from '@order-stream/local-stack/python-environment';
import { downloadsFolder } from '@order-stream/local-stack/state-folder';

export const pythonFolder = join(import.meta.dirname, 'python');

const source = 'moto-5.2.5';

/** The Python of a virtual environment with moto, boto3 and pytest. */
export function fetchPython(): Promise<string> {
  return pythonEnvironment({
    name: 'moto’s tests',
    folder: 'glue-clients',
    requirements: join(pythonFolder, 'requirements.txt'),
    minor: 10,
  });
}

/** The folder of moto's source distribution, which has its tests. pip checks its digest. */
export async function fetchMotoTests(): Promise<string> {
  const python = await fetchPython();
  const home = downloadsFolder(process.env);
  const folder = join(home, `${source}-source`);
  if (existsSync(folder)) return join(folder, source);
  return exclusively(join(home, `${source}-source.lock`), async () => {
    if (existsSync(folder)) return join(folder, source);
    const unfinished = `${folder}.unfinished`;
    rmSync(unfinished, { recursive: true, force: true });
    mkdirSync(unfinished);
    const requirements = join(pythonFolder, 'moto-source.txt');
    const flags = ['--disable-pip-version-check', '--progress-bar=off', '--no-deps'];
    await runPython(python, [
      ...['-m', 'pip', 'download', ...flags, '--no-binary=:all:', '--require-hashes'],
      ...['-r', requirements, '-d', unfinished],
    ]);
    await runPython(python, [
      '-m',
      'tarfile',
      '-e',
      join(unfinished, `${source}.tar.gz`),
      unfinished,
    ]);
    // Renamed last, so that an interrupted download does not look finished.
    renameSync(unfinished, folder);
    return join(folder, source);
  });
}

/** @returns the lines of stdout */
export async function runPython(
  python: string,
  args: string[],
  options: { cwd?: string; env?: NodeJS.ProcessEnv; exitCodes?: readonly number[] } = {},
): Promise<string[]> {
  const { exitCodes = [0], ...rest } = options;
  const lines: string[] = [];
  const onLine = (line: string, stream: string) => {
    if (stream === 'stdout') lines.push(line);
  };
  const child = await startChild({ name: 'Python', command: python, args, onLine, ...rest });
  const { code } = await child.exited;
  if (code === null || !exitCodes.includes(code))
    throw new Error(
      `python ${args.slice(0, 3).join(' ')} ended with ${code}:\n${child.lastLines().join('\n')}`,
    );
  return lines;
}
