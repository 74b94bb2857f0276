import assert from 'node:assert/strict';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { root } from '@order-stream/local-stack/state-folder';
import { type InstalledPackages, installedPackages } from './installed-packages.ts';
import { outcomeOf } from './run-command.ts';

const bin = (name: string) => join(import.meta.dirname, 'node_modules/.bin', name);

let installed: InstalledPackages;
before(async () => {
  installed = await installedPackages();
});

for (const name of ['serde', 'glue-schemas', 'glue-local'] as const) {
  test(`arethetypeswrong finds no problem in any entry of ${name}`, async () => {
    const args = [installed.tarballs[name], '--format', 'json'];
    const { code, stdout } = await outcomeOf(bin('attw'), args, { cwd: root });
    const { analysis } = JSON.parse(stdout);
    assert.deepEqual(analysis.problems, []);
    assert.equal(code, 0);
    const entries = Object.keys(analysis.entrypoints);
    assert.ok(entries.includes(name === 'serde' ? './protobuf' : '.'), entries.join(' '));
  });

  test(`publint has no suggestion for ${name}`, async () => {
    const { code, stdout } = await outcomeOf(
      bin('publint'),
      [installed.tarballs[name], '--strict'],
      { cwd: root },
    );
    assert.match(stdout, /All good!/);
    assert.equal(code, 0);
  });
}
