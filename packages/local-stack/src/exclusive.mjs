// A lock between processes, for work that must not run twice at once (installing, downloading).
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

/**
 * Runs `work` while this process holds `lockFile`. Waits while the holder is alive, and takes over the lock of a dead process.
 * @template T
 * @param {string} lockFile its folder must exist
 * @param {() => T | Promise<T>} work
 * @returns {Promise<T>}
 */
export async function exclusively(lockFile, work) {
  const ownFile = `${lockFile}.${process.pid}`;
  writeFileSync(ownFile, String(process.pid));
  try {
    while (!acquire(ownFile, lockFile)) await pause(200);
  } finally {
    rmSync(ownFile, { force: true });
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

function acquire(ownFile, lockFile) {
  try {
    // A link instead of an exclusive create: the lock always contains its holder's pid.
    linkSync(ownFile, lockFile);
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
  }
  if (holderIsAlive(lockFile)) return false;
  const stale = `${ownFile}.stale`;
  try {
    renameSync(lockFile, stale);
    // Another process may have acquire over before the rename. It gets its lock back.
    if (holderIsAlive(stale)) linkSync(stale, lockFile);
  } catch (error) {
    if (error.code !== 'ENOENT' && error.code !== 'EEXIST') throw error;
  } finally {
    rmSync(stale, { force: true });
  }
  return false;
}

function holderIsAlive(lockFile) {
  try {
    process.kill(Number(readFileSync(lockFile, 'utf8')), 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
