import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { installedPackages } from './installed-packages.ts';
import { plainEnvironment } from './run-command.ts';

/** Resident memory of a process, in MiB (proc(5)). */
function rssMiB(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024;
}

/** From the start of the process to the answer of `/healthz`. */
async function start(bin: string) {
  const startedAt = performance.now();
  const child = spawn(process.execPath, [bin, '--port', '0'], {
    env: plainEnvironment(),
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const exited = once(child, 'exit');
  try {
    for await (const line of createInterface({ input: child.stderr })) {
      const url = /listens on (http:\/\/127\.0\.0\.1:\d+)/.exec(line)?.[1];
      if (url === undefined) continue;
      const health = await fetch(`${url}/healthz`);
      const readyMs = performance.now() - startedAt;
      return { health: await health.json(), readyMs, rss: rssMiB(child.pid as number) };
    }
    throw new Error('the registry ended before it listened');
  } finally {
    child.kill('SIGTERM');
    await exited;
  }
}

test('the installed command of glue-local starts, and its time and memory are printed', async (context) => {
  const { folder } = await installedPackages();
  const bin = join(folder, 'node_modules/@order-stream/glue-local/dist/main.js');
  const runs = [];
  for (let round = 0; round < 3; round += 1) runs.push(await start(bin));
  for (const { health } of runs) assert.deepEqual(health, { status: 'ok', registries: 0 });
  const figures = runs.map(
    ({ readyMs, rss }) => `${Math.round(readyMs)} ms, ${Math.round(rss)} MiB`,
  );
  context.diagnostic(`ready after, and with a resident memory of: ${figures.join('; ')}`);
});
