import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { repositoryOf, run } from '../testing/run-schemas.ts';

/** Several lines, so that the line ends differ. */
const text = (value: object) => `${JSON.stringify(value, undefined, 2)}\n`;
const record = (name: string, ...fields: object[]) =>
  text({ type: 'record', name, namespace: 'shop', fields });
const id = { name: 'id', type: 'long' };
const optional = { name: 'note', type: 'string', default: '' };
const required = { name: 'currency', type: 'string' };
const order = (...fields: object[]) => record('Order', id, ...fields);
const withCrlf = (lines: string) => lines.replaceAll('\n', '\r\n');

/** A repository whose files git writes with CRLF, and `check` of its folder. */
function crlfRepositoryOf(context: TestContext, setting: 'attributes' | 'configuration') {
  const repository = repositoryOf(context);
  const { folder, path, write, configure, commit, restore } = repository;
  if (setting === 'attributes') write('.gitattributes', '* text=auto eol=crlf\n');
  else configure('core.autocrlf', 'true');
  return {
    ...repository,
    release(files: Readonly<Record<string, string>>) {
      for (const [name, lines] of Object.entries(files)) write(name, lines);
      commit();
      for (const [name, lines] of Object.entries(files)) {
        restore(name);
        assert.equal(readFileSync(path(name), 'utf8'), withCrlf(lines));
      }
    },
    async check(...flags: string[]) {
      const { code, stdout, stderr } = await run(['check', folder, ...flags]);
      assert.equal(stderr, '');
      return { code, lines: stdout.trimEnd().replaceAll(`${folder}/`, '').split('\n') };
    },
  };
}

const proto = (...fields: string[]) =>
  `syntax = "proto3";\nmessage Order {\n${fields.map((one) => `  ${one}\n`).join('')}}\n`;

for (const setting of ['attributes', 'configuration'] as const)
  test(`check: a released number whose line ends git converts is as released, and its edits are not (${setting})`, async (context) => {
    const { release, write, check } = crlfRepositoryOf(context, setting);
    const files = {
      'a.v1.avsc': order(),
      'b.v1.json': text({ type: 'object' }),
      'c.v1.proto': proto('int64 id = 1;'),
    };
    release(files);
    const accepted = Object.keys(files).map((name) => `ok  ${name}: the first version`);
    for (const flags of [[], ['--base', 'HEAD']])
      assert.deepEqual(await check(...flags), { code: 0, lines: accepted });
    // An editor may write the other line ends: git converts these too.
    write('a.v1.avsc', files['a.v1.avsc']);
    assert.deepEqual(await check(), { code: 0, lines: accepted });

    write('a.v1.avsc', withCrlf(order(optional)));
    write('b.v1.json', withCrlf(text({ type: 'object', title: '' })));
    write('c.v1.proto', withCrlf(proto('int64 id = 1;', '')));
    const edited = await check();
    assert.deepEqual(
      edited.lines.map((line) => line.replace(/: .*/, '')),
      Object.keys(files).flatMap((name) => [`NO  ${name}`, '  EDITED_AFTER_RELEASE']),
    );
  });

test('check: with converted line ends, an incompatible number that the base has is accepted', async (context) => {
  const { release, check } = crlfRepositoryOf(context, 'attributes');
  release({ 'o.v1.avsc': order(), 'o.v2.avsc': order(required) });
  assert.equal((await check()).code, 1);
  assert.equal((await check('--base', 'HEAD')).code, 0);
});

test('check: with converted line ends, texts of the history are compared as without', async (context) => {
  const { release, write, check } = crlfRepositoryOf(context, 'attributes');
  const uses = record('Order', { name: 'total', type: 'shop.Money' });
  const money = (...fields: object[]) => record('Money', id, ...fields);
  release({ 'money.avsc': money(), 'order.avsc': uses });
  release({ 'money.avsc': money(required), 'order.avsc': uses });
  // Without --base, the last edit counts, also of a file that another one refers to.
  const last = await check();
  assert.deepEqual(
    last.lines.filter((line) => !line.startsWith(' ')),
    ['NO  money.avsc: BACKWARD with 1 earlier', 'NO  order.avsc: BACKWARD with 1 earlier'],
  );
  // With --base, what it has is accepted.
  const all = ['--base', 'HEAD', '--mode', 'BACKWARD_ALL'];
  const accepted = ['money.avsc', 'order.avsc'].map(
    (name) => `ok  ${name}: BACKWARD_ALL with 1 earlier`,
  );
  assert.deepEqual(await check(...all), { code: 0, lines: accepted });
  write('money.avsc', withCrlf(money(required, optional)));
  assert.equal((await check(...all)).code, 1);
});

test('check: with converted line ends, a rename is recognized by the same text, and a damaged number is restored', async (context) => {
  const { path, release, write, remove, check } = crlfRepositoryOf(context, 'attributes');
  release({ 'a.avsc': text({ type: 'fixed', name: 'A', size: 2 }), 'o.v1.avsc': order() });
  release({ 'o.v1.avsc': 'not a schema\n' });
  write('o.v1.avsc', withCrlf(order()));
  write('b.avsc', readFileSync(path('a.avsc'), 'utf8'));
  remove('a.avsc');
  const { code, lines } = await check('--removed', path('a.avsc'));
  assert.equal(code, 0, lines.join('\n'));
  assert.match(lines.join('\n'), /renamed from a\.avsc \(the same text\)/);
});
