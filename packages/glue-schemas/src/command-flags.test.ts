import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { repositoryOf, run } from './testing/run-schemas.ts';

const order = JSON.stringify({ type: 'record', name: 'Order', fields: [] });

test('--version prints the version of the package', async () => {
  const manifest = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  const { version } = JSON.parse(manifest);
  assert.deepEqual(await run(['--version']), { code: 0, stdout: `${version}\n`, stderr: '' });
});

test('types: a schema file is never overwritten', async (context) => {
  const { path, write } = repositoryOf(context);
  for (const name of ['a.avsc', 'b.json', 'c.proto']) write(name, order);
  for (const name of ['a.avsc', 'b.json', 'c.proto']) {
    const { code, stdout, stderr } = await run(['types', path('a.avsc'), '--out', path(name)]);
    assert.deepEqual([code, stdout], [2, '']);
    assert.match(stderr, /--out .*: is a schema file, which would be overwritten/);
    assert.equal(readFileSync(path(name), 'utf8'), order);
  }
});

test('a flag that says two things is refused, and one that repeats itself is not', async (context) => {
  const { path, write } = repositoryOf(context);
  write('a.avsc', order);
  write('b.avsc', order.replace('Order', 'B'));
  const named = (file: string) => ['--references', `s.X=${path(file)}`];
  const date = (choice: string) => ['--logical-type', `date=${choice}`];
  for (const [flags, problem] of [
    [
      [...named('a.avsc'), ...named('b.avsc')],
      /--references s\.X: is both .*a\.avsc and .*b\.avsc/,
    ],
    [[...date('Date'), ...date('string')], /--logical-type date: is both Date and string/],
    [date('Date=x'), /--logical-type date: expected one of .*, got 'Date=x'/],
  ] as const) {
    const { code, stdout, stderr } = await run(['types', path('a.avsc'), ...flags]);
    assert.deepEqual([code, stdout], [2, '']);
    assert.match(stderr, problem);
  }
  for (const flags of [
    [...named('a.avsc'), ...named('a.avsc')],
    [...date('Date'), ...date('Date')],
  ])
    assert.equal((await run(['types', path('a.avsc'), ...flags])).code, 0);
});
