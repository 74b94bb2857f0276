// A lock between processes, for work that must not run twice at once (installing, downloading).
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

/**
 * Runs `work` while this process alone holds `lockFile`, waiting for a holder that lives and taking over from one that died.
 * @template T
 * @param {string} lockFile in a folder that exists
 * @param {() => T | Promise<T>} work
 * @returns {Promise<T>}
 */
export async function exclusively(lockFile, work) {
  const mine = `${lockFile}.${process.pid}`;
  writeFileSync(mine, String(process.pid));
  try {
    while (!taken(mine, lockFile)) await pause(200);
  } finally {
    rmSync(mine, { force: true });
  }
  const release = () => rmSync(lockFile, { force: true });
  process.once('exit', release);
  try {
    return await work();
  } finally {
    process.off('exit', release);
    release();
  }
}

function taken(mine, lockFile) {
  try {
    // A link, not an exclusive create: the lock never exists without its holder's pid in it.
    linkSync(mine, lockFile);
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
  }
  if (holderLives(lockFile)) return false;
  const stale = `${mine}.stale`;
  try {
    renameSync(lockFile, stale);
    // Another process may have taken over between the look and the rename: then the lock is its own again.
    if (holderLives(stale)) linkSync(stale, lockFile);
  } catch (error) {
    if (error.code !== 'ENOENT' && error.code !== 'EEXIST') throw error;
  } finally {
    rmSync(stale, { force: true });
  }
  return false;
}

function holderLives(lockFile) {
  try {
    process.kill(Number(readFileSync(lockFile, 'utf8')), 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
