import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { createClient } from './start-registry.ts';

const main = fileURLToPath(new URL('../main.ts', import.meta.url));

/** Runs the command as a process of its own. */
export function startCommand(...args: string[]) {
  const child = spawn(process.execPath, [main, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const lines = createInterface({ input: child.stderr });
  return {
    child,
    lines,
    exited: once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>,
  };
}

/** Runs the command on a free port, and waits until it listens. */
export async function startListening(...args: string[]) {
  const command = startCommand('--port', '0', ...args);
  for await (const line of command.lines) {
    const url = /listens on (http:\/\/127\.0\.0\.1:\d+)/.exec(line)?.[1];
    if (url === undefined) continue;
    // The end of this loop closes the reader. A full pipe would stop the process.
    command.child.stderr.resume();
    return { ...command, client: createClient(url), url };
  }
  throw new Error('the registry ended before it listened');
}
