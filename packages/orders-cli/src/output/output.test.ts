import assert from 'node:assert/strict';
import { test } from 'node:test';
import { printable } from './printable.ts';
import { styleFor } from './style.ts';
import { formatTable } from './table.ts';

test('a table has the width of its cells, and no space at the end of a line', () => {
  const columns = [{ title: 'TOPIC' }, { title: 'LAG', align: 'right' }, { title: '' }] as const;
  const rows = [
    ['orders', '7', 'x'],
    ['ö', '1234', ''],
  ];
  assert.equal(formatTable(columns, rows), 'TOPIC    LAG\norders     7  x\nö       1234\n');
});

test('control characters of a record do not reach the terminal', () => {
  assert.equal(printable('a\u001b[31mb\nc\u202e🙂'), 'a\\u001b[31mb\\nc\\u202e🙂');
  assert.equal(formatTable([{ title: 'A' }], [['\r']]), 'A\n\\u000d\n');
});

test('colours are for terminals, without NO_COLOR', () => {
  const red = (isTTY: boolean, env: Record<string, string>) =>
    styleFor({ stdout: { write() {}, isTTY }, env }).red('x');
  assert.equal(red(true, {}), '\u001b[31mx\u001b[39m');
  for (const [isTTY, env] of [
    [false, {}],
    [true, { NO_COLOR: '1' }],
    [true, { TERM: 'dumb' }],
  ] as const)
    assert.equal(red(isTTY, env), 'x');
});
