import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';

const script = `
  import { logNodeErrors, standardError } from '${new URL('index.ts', import.meta.url).href}';
  const log = (level) => ({ err }, message) =>
    standardError().write(level + ' ' + message + ': ' + err.message + '\\n');
  logNodeErrors({ warn: log('warn'), fatal: log('fatal') });
  process.emitWarning('old');
  setTimeout(() => Promise.reject(new Error('unforeseen')), 10);
  setInterval(() => undefined, 1_000);
`;

function run(env: Record<string, string> = {}) {
  const args = ['--input-type=module', '--eval', script];
  const { status, stderr } = spawnSync(process.execPath, args, {
    env: { ...process.env, NODE_NO_WARNINGS: '', ...env },
    encoding: 'utf8',
  });
  return { status, lines: stderr.split('\n').slice(0, -1) };
}

test('F11 warnings and the error that ends the process go to the log, and the last line is written before the end', () => {
  const fatal = 'fatal uncaught error: unforeseen';
  assert.deepEqual(run(), { status: 1, lines: ['warn warning of Node: old', fatal] });
  assert.deepEqual(run({ NODE_NO_WARNINGS: '1' }), { status: 1, lines: [fatal] });
});
