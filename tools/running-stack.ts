import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { StackFault } from '@order-stream/local-stack/stack-fault';
import { stateFolder } from '@order-stream/local-stack/state-folder';

const marker = join(stateFolder, 'running.pid');

/** @throws StackFault if this checkout's local stack is already running */
export function requireNotRunning(): void {
  let pid: number;
  try {
    pid = Number(readFileSync(marker, 'utf8'));
    process.kill(pid, 0);
  } catch {
    return;
  }
  throw new StackFault(`The local stack is running (process ${pid}): end it with Ctrl-C first.`);
}

/** Marks the stack as running until this process exits. */
export function markRunning(): void {
  mkdirSync(stateFolder, { recursive: true });
  writeFileSync(marker, String(process.pid));
  process.once('exit', () => rmSync(marker, { force: true }));
}
