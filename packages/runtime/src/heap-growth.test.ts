import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';

const flags = [
  '--expose-gc',
  // On a machine with little memory, V8 collects as early by default.
  '--max-old-space-size=4096',
  // The young generation counts too. Without a limit, its size depends on the load of the machine.
  '--max-semi-space-size=16',
];

function highestMiB(...args: string[]): number {
  const file = join(import.meta.dirname, 'testing/read-backlog.ts');
  return Number(execFileSync(process.execPath, [...flags, file, ...args]));
}

test('the heap is collected earlier than by default, also when the limit is set while the process runs', () => {
  const [byDefault, limited] = [highestMiB(), highestMiB('limited')];
  assert.ok(limited < 0.8 * byDefault, `${byDefault} MiB by default, ${limited} limited`);
});
