import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import {
  mkdirSync,
  mkdtempDisposableSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';

const packageFolder = join(import.meta.dirname, '..');
const readme = readFileSync(join(packageFolder, 'README.md'), 'utf8');

test('the test in README passes and ends by itself', async () => {
  const [, file = '', source = ''] = /```ts\n\/\/ (\S+)\n(.*?)```/s.exec(readme) ?? [];
  using folder = mkdtempDisposableSync(join(tmpdir(), 'glue-local-'));
  for (const [name, target] of [
    ['@order-stream/glue-local', packageFolder],
    ['@aws-sdk/client-glue', join(packageFolder, 'node_modules/@aws-sdk/client-glue')],
  ] as const) {
    const link = join(folder.path, 'node_modules', name);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(target, link);
  }
  writeFileSync(join(folder.path, file), source);
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  const run = promisify(execFile);
  const { stdout } = await run(process.execPath, ['--test', '--test-reporter=tap', file], {
    cwd: folder.path,
    env,
  });
  assert.match(stdout, /^# pass 1\n# fail 0$/m);
});

test('README names every option of createGlueLocal', () => {
  const source = readFileSync(join(packageFolder, 'src/glue-local.ts'), 'utf8');
  const [, members = ''] = /interface GlueLocalOptions \{(.*?)\n\}/s.exec(source) ?? [];
  const options = [...members.matchAll(/^ {2}(\w+)\??:/gm)].map(([, name]) => name);
  const [, table = ''] = /\| option \|.*?\n\| --- .*?\n(.*?)\n\n/s.exec(readme) ?? [];
  const rows = [...table.matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name);
  assert.ok(options.length > 8);
  assert.deepEqual(rows.toSorted(), options.toSorted());
});
