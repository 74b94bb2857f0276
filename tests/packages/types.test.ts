import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { root } from '@order-stream/local-stack/state-folder';
import { outcomeOf } from './run-command.ts';

const compiler = join(root, 'node_modules/typescript/bin/tsc');

// `npm run check` leaves both folders out, because a bare clone does not install their dependencies.
for (const folder of ['tools/pack', 'tests/packages'])
  test(`the types of ${folder} are right`, async () => {
    const { stdout, code } = await outcomeOf(process.execPath, [compiler, '-p', folder], {
      cwd: root,
    });
    assert.equal(stdout, '');
    assert.equal(code, 0);
  });
