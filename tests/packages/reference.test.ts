import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { root } from '@order-stream/local-stack/state-folder';
import { entries } from './entries.ts';
import { outcomeOf } from './run-command.ts';

const folder = mkdtempSync(join(tmpdir(), 'reference-'));
after(() => rmSync(folder, { recursive: true, force: true }));

test('every public name has documentation, and the reference has a page for every entry', async () => {
  const typedoc = join(root, 'tools/pack/node_modules/typedoc/bin/typedoc');
  const options = join(root, 'tools/typedoc.mjs');
  const args = [typedoc, '--options', options, '--out', folder];
  const { code, stdout, stderr } = await outcomeOf(process.execPath, args, { cwd: root });
  assert.equal(code, 0, stdout + stderr);
  assert.equal(readdirSync(join(folder, 'modules')).length, entries.length);
  assert.ok(existsSync(join(folder, 'functions/serde_src.createDeserializer.html')));
});
