import { mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { exclusively } from './exclusive.mjs';

/** The folder, which `fill` makes the first time. Of several processes, one does so. An interrupted one leaves no folder behind. */
export async function folderOnce(
  folder: string,
  fill: (partial: string) => void | Promise<void>,
): Promise<string> {
  if (hasFiles(folder)) return folder;
  mkdirSync(dirname(folder), { recursive: true });
  return exclusively(`${folder}.lock`, async () => {
    if (hasFiles(folder)) return folder;
    const partial = `${folder}.partial`;
    rmSync(partial, { recursive: true, force: true });
    await fill(partial);
    // Renamed when complete, so that an interrupted run never looks finished.
    renameSync(partial, folder);
    return folder;
  });
}

function hasFiles(folder: string): boolean {
  try {
    return readdirSync(folder).length > 0;
  } catch {
    return false;
  }
}
