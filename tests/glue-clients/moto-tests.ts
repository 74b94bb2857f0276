import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { exclusively } from '@order-stream/local-stack/exclusive';
import { downloadsFolder } from '@order-stream/local-stack/state-folder';
import { fetchPython, pythonFolder, runPython } from './python.ts';

const source = 'moto-5.2.5';

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
