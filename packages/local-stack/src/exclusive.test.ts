import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { exclusively } from './exclusive.mjs';

const folder = mkdtempSync(join(tmpdir(), 'order-stream-lock-'));
after(() => rmSync(folder, { recursive: true }));

test('processes do the work one at a time and leave no lock', async () => {
  const lock = join(folder, 'shared.lock');
  const trace = join(folder, 'trace');
  const work = `import { exclusively } from '${join(import.meta.dirname, 'exclusive.mjs')}';
    import { appendFileSync } from 'node:fs';
    await exclusively('${lock}', async () => {
      appendFileSync('${trace}', 'in ');
      await new Promise((resolve) => setTimeout(resolve, 30));
      appendFileSync('${trace}', 'out ');
    });`;
  const workers = Array.from({ length: 4 }, () =>
    spawn(process.execPath, ['--input-type=module', '--eval', work], { stdio: 'inherit' }),
  );
  const codes = await Promise.all(workers.map((worker) => once(worker, 'close')));
  assert.deepEqual(
    codes.map(([code]) => code),
    [0, 0, 0, 0],
  );
  assert.equal(readFileSync(trace, 'utf8'), 'in out '.repeat(4));
  assert.deepEqual(readdirSync(folder), ['trace']);
});

test('a process takes over the lock of a dead process', async () => {
  const lock = join(folder, 'stale.lock');
  const dead = spawnSync(process.execPath, ['--eval', '']).pid;
  writeFileSync(lock, String(dead));
  assert.equal(await exclusively(lock, () => 'done'), 'done');
});

test('failed work releases the lock', async () => {
  const lock = join(folder, 'failing.lock');
  await assert.rejects(
    exclusively(lock, () => Promise.reject(new Error('no'))),
    /no/,
  );
  assert.equal(await exclusively(lock, () => 'done'), 'done');
});
