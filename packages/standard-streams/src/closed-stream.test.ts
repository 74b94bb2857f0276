import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';

const code = `import { wasClosed } from '${new URL('closed-stream.ts', import.meta.url).href}';
  process.exit(wasClosed(1) ? 7 : 0);`;

test('a standard output that was closed is told from one that discards, and from a pipe or a file', () => {
  for (const [redirection, status] of [
    ['>&-', 7],
    ['1<>/dev/null', 7],
    ['>/dev/null', 0],
    ['>/dev/full', 0],
    ['| cat; exit $PIPESTATUS', 0],
    ['>/tmp/$$; code=$?; rm /tmp/$$; exit $code', 0],
  ] as const) {
    const args = ['-c', `"$@" ${redirection}`, 'bash', process.execPath];
    const run = spawnSync('bash', [...args, '--input-type=module', '--eval', code]);
    assert.equal(run.status, status, `${redirection}: ${run.stderr}`);
  }
});
