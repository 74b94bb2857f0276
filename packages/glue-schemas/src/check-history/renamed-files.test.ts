import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { repositoryOf, run } from '../testing/run-schemas.ts';

const record = (name: string, ...fields: object[]) =>
  JSON.stringify({ type: 'record', name, namespace: 'shop', fields });
const field = (name: string, type: unknown, more: object = {}) => ({ name, type, ...more });
const order = (...fields: object[]) => record('Order', field('id', 'long'), ...fields);
const required = field('currency', 'string');
const optional = field('note', 'string', { default: '' });
const missing = (at: string, against: string) =>
  `  READER_FIELD_MISSING_DEFAULT_VALUE at /fields/${at}: currency (against ${against})`;
const note = (from: string, to: string, sign: string) =>
  `  note: renamed from ${from} (${sign}), so compared with it; if it is another schema, pass --new ${to}`;

/** A repository that has these files, and `check` of it with each of the removed ones accepted. */
function releaseOf(context: TestContext, files: Readonly<Record<string, string>>) {
  const repository = repositoryOf(context);
  const { folder, path, write, remove, commit } = repository;
  for (const [name, text] of Object.entries(files)) write(name, text);
  commit();
  return {
    ...repository,
    async check(removed: readonly string[], ...flags: string[]) {
      const accepted = removed.flatMap((name) => ['--removed', path(name)]);
      const { code, stdout, stderr } = await run(['check', folder, ...accepted, ...flags]);
      assert.equal(stderr, '');
      return { code, lines: stdout.trimEnd().replaceAll(`${folder}/`, '').split('\n') };
    },
    rename(from: string, to: string, text = files[from] ?? '') {
      remove(from);
      write(to, text);
    },
  };
}

test('check: a renamed file is compared with its text under the old name', async (context) => {
  const { rename, write, check } = releaseOf(context, { 's/a.avsc': order() });
  const sameName = 'the same name, shop.Order';
  rename('s/a.avsc', 's/b.avsc', order(required));
  for (const flags of [[], ['--base', 'HEAD']]) {
    const { code, lines } = await check(['s/a.avsc'], ...flags);
    assert.equal(code, 1);
    assert.deepEqual(lines, [
      'NO  s/b.avsc: BACKWARD with 1 earlier',
      missing('1', 's/a.avsc in HEAD, text 1 of 1'),
      note('s/a.avsc', 's/b.avsc', sameName),
    ]);
  }
  write('s/b.avsc', order(optional));
  assert.deepEqual(await check(['s/a.avsc']), {
    code: 0,
    lines: ['ok  s/b.avsc: BACKWARD with 1 earlier', note('s/a.avsc', 's/b.avsc', sameName)],
  });
});

test('check: with --new, a file is not compared with a missing one', async (context) => {
  const { rename, path, check } = releaseOf(context, { 'a.avsc': order() });
  rename('a.avsc', 'b.avsc', order(required));
  assert.deepEqual(await check(['a.avsc'], '--new', path('b.avsc')), {
    code: 0,
    lines: ['ok  b.avsc: the first version'],
  });
});

test('check: a renamed file is found by its text, its name, or most of its words', async (context) => {
  const json = (title: string | undefined, ...names: string[]) =>
    JSON.stringify({ title, properties: Object.fromEntries(names.map((name) => [name, {}])) });
  const proto = (message: string, type: string) =>
    `syntax = "proto3"; package shop; message ${message} { ${type} cents = 1; string currency = 2; bool taxed = 3; }`;
  for (const [from, to, before, after, sign] of [
    ['a.avsc', 'x/b.avsc', order(), order(), 'the same text'],
    ['a.json', 'b.json', json('Order', 'id'), json('Order', 'key'), 'the same name, Order'],
    ['a.json', 'b.json', json(undefined, 'k', 'a', 'b'), json(undefined, 'k', 'a', 'b', 'c'), ''],
    ['a.proto', 'b.proto', proto('Money', 'int32'), proto('Money', 'string'), 'shop.Money'],
    ['a.proto', 'b.proto', proto('Money', 'int32'), proto('Cash', 'int32'), 'same words'],
  ] as const) {
    const { rename, check } = releaseOf(context, { [from]: before });
    rename(from, to, after);
    const { lines } = await check([from]);
    assert.match(lines.join('\n'), new RegExp(`${to}: BACKWARD with 1 earlier\n`), `${to} ${sign}`);
    assert.match(lines.at(-1) ?? '', new RegExp(`note: renamed from ${from} \\(.*${sign}\\)`));
  }
});

test('check: another schema is not a renamed one', async (context) => {
  for (const [name, text] of [
    ['b.avsc', record('Refund', field('key', 'string'))],
    ['b.json', '{"type":"object","properties":{"id":{"type":"integer"}}}'],
  ] as const) {
    const { rename, check } = releaseOf(context, { 'a.avsc': order(), 'package.json': '{"a":1}' });
    rename('a.avsc', name, text);
    assert.deepEqual(await check(['a.avsc', 'none.avsc']), {
      code: 0,
      lines: [`ok  ${name}: the first version`, '--  package.json: skipped, not a JSON Schema'],
    });
  }
});

test('check: the history of the old name counts, also with the files that it refers to', async (context) => {
  const uses = (...more: object[]) => record('Order', field('total', 'shop.Money'), ...more);
  const money = (...more: object[]) => record('Money', field('cents', 'long'), ...more);
  const files = { 'a.avsc': uses(), 'money.avsc': money() };
  const { rename, write, commit, check } = releaseOf(context, files);
  write('money.avsc', money(optional));
  commit();
  rename('a.avsc', 'b.avsc');
  write('money.avsc', money(required));
  const { lines } = await check(['a.avsc'], '--mode', 'BACKWARD_ALL');
  assert.deepEqual(lines.slice(0, 3), [
    'NO  b.avsc: BACKWARD_ALL with 2 earlier',
    missing('0/type/fields/1', 'a.avsc in HEAD, text 1 of 2'),
    missing('0/type/fields/1', 'a.avsc in HEAD, text 2 of 2'),
  ]);
});

test('check: numbers that are renamed or replaced are compared with the numbers of the base', async (context) => {
  const files = { 'a.v1.avsc': order(), 'a.v2.avsc': order(optional) };
  const renumbered = releaseOf(context, files);
  renumbered.rename('a.v2.avsc', 'a.v3.avsc', order(required));
  assert.deepEqual((await renumbered.check(['a.v2.avsc'])).lines, [
    'ok  a.v1.avsc: the first version',
    'NO  a.v3.avsc: BACKWARD with 2 earlier',
    missing('1', 'a.v2.avsc in HEAD'),
    note('a.v2.avsc', 'a.v3.avsc', 'the same name, shop.Order'),
  ]);

  const series = releaseOf(context, files);
  series.rename('a.v1.avsc', 'b.v1.avsc');
  series.rename('a.v2.avsc', 'b.v2.avsc', order(required));
  const gone = ['a.v1.avsc', 'a.v2.avsc'];
  assert.deepEqual((await series.check(gone, '--base', 'HEAD')).lines, [
    'ok  b.v1.avsc: BACKWARD with 1 earlier',
    note('a.v1.avsc', 'b.v1.avsc', 'the same text'),
    'NO  b.v2.avsc: BACKWARD with 3 earlier',
    missing('1', 'a.v2.avsc in HEAD'),
    note('a.v2.avsc', 'b.v2.avsc', 'the same name, shop.Order'),
  ]);

  const plain = releaseOf(context, files);
  plain.rename('a.v1.avsc', 'a.avsc', order(required));
  plain.remove('a.v2.avsc');
  const { lines } = await plain.check(gone);
  assert.deepEqual(lines.slice(0, 2), [
    'NO  a.avsc: BACKWARD with 2 earlier',
    missing('1', 'a.v2.avsc in HEAD'),
  ]);
});

test('check: a rename alone is accepted, whatever the base had before', async (context) => {
  const { rename, write, commit, check } = releaseOf(context, { 'a.avsc': order() });
  write('a.avsc', order(required));
  commit();
  rename('a.avsc', 'b.avsc', order(required));
  const all = await check(['a.avsc'], '--base', 'HEAD', '--mode', 'BACKWARD_ALL');
  assert.deepEqual([all.code, all.lines[0]], [0, 'ok  b.avsc: BACKWARD_ALL with 1 earlier']);
});

test('check: an unchanged copy does not take the released file from one that continues it', async (context) => {
  const nameless = (...names: string[]) =>
    JSON.stringify({
      properties: Object.fromEntries(names.map((name) => [name, { type: 'string' }])),
    });
  const breaking = nameless('a', 'b', 'c', 'd').replace('"string"', '"boolean"');
  for (const [extension, before, after] of [
    ['avsc', order(), order(required)],
    ['json', nameless('a', 'b', 'c', 'd'), breaking],
  ] as const) {
    const old = `order.${extension}`;
    const { remove, write, check } = releaseOf(context, { [old]: before });
    remove(old);
    write(`archive/order-2025.${extension}`, before);
    write(`orders/order.${extension}`, after);
    const { code, lines } = await check([old]);
    assert.equal(code, 1);
    assert.ok(
      lines.includes(`NO  orders/order.${extension}: BACKWARD with 1 earlier`),
      lines.join('\n'),
    );
    assert.ok(lines.includes(`ok  archive/order-2025.${extension}: BACKWARD with 1 earlier`));
  }
});

test('check: of several new files with mostly the same words, the most alike is the renamed one', async (context) => {
  const nameless = (...names: string[]) =>
    JSON.stringify({ properties: Object.fromEntries(names.map((name) => [name, {}])) });
  const before = nameless('k', 'l', 'm', 'n', 'o', 'p', 'q');
  const { rename, write, check } = releaseOf(context, { 'a.json': before });
  rename('a.json', 'b.json', nameless('k', 'l', 'm', 'n', 'o', 'p', 'q', 'r', 's'));
  write('c.json', nameless('k', 'l', 'm', 'n', 'o', 'p', 'q', 'r'));
  const { lines } = await check(['a.json']);
  assert.equal(lines[0], 'ok  b.json: the first version');
  assert.match(lines[1] ?? '', /c\.json: BACKWARD with 1 earlier/);
  assert.equal(lines.at(-1), note('a.json', 'c.json', 'mostly the same words'));
});

test('check: of several missing files with the same text, one with the same base name was renamed', async (context) => {
  const files = { 'x/a.avsc': order(), 'x/order.avsc': order() };
  const { remove, rename, check } = releaseOf(context, files);
  remove('x/a.avsc');
  rename('x/order.avsc', 'y/order.avsc');
  const { lines } = await check(['x/a.avsc', 'x/order.avsc']);
  assert.equal(lines.at(-1), note('x/order.avsc', 'y/order.avsc', 'the same text'));
});

test('check: a file of another format, or beside lower numbers of another name, was not renamed', async (context) => {
  const text = '{"type":"string"}';
  const format = releaseOf(context, { 'a.json': text });
  format.rename('a.json', 'b.avsc', text);
  assert.deepEqual((await format.check(['a.json'])).lines, ['ok  b.avsc: the first version']);

  const numbers = releaseOf(context, { 'a.v1.avsc': order(), 'c.avsc': order(required) });
  numbers.rename('c.avsc', 'a.v2.avsc', order(optional));
  assert.deepEqual((await numbers.check(['c.avsc'])).lines, [
    'ok  a.v1.avsc: the first version',
    'ok  a.v2.avsc: BACKWARD with 1 earlier',
  ]);
});

test('check: a number that is renamed with an old text is compared with higher numbers that are gone', async (context) => {
  const amount = (type: string) => record('Order', field('amount', type));
  const files = { 'order.v1.avsc': amount('int'), 'order.v2.avsc': amount('long') };
  for (const name of ['purchase.v1.avsc', 'purchase.avsc', 'order.avsc']) {
    const { rename, remove, write, check } = releaseOf(context, files);
    rename('order.v1.avsc', name);
    // A number that is still there is checked as itself.
    const alone = await check(['order.v1.avsc'], '--base', 'HEAD');
    assert.equal(alone.code, 0, alone.lines.join('\n'));
    remove('order.v2.avsc');
    const gone = await check(Object.keys(files), '--base', 'HEAD');
    assert.equal(gone.lines[0], `NO  ${name}: BACKWARD with 2 earlier`);
    assert.match(gone.lines[1] ?? '', /TYPE_MISMATCH.*\(against order\.v2\.avsc in HEAD\)/);
    // The higher number continues in another file, which is compared with all of them.
    write('purchase.v2.avsc', files['order.v2.avsc']);
    const both = await check(Object.keys(files), '--base', 'HEAD');
    assert.equal(both.code, 0, both.lines.join('\n'));
  }
});
