import assert from 'node:assert/strict';
import { test } from 'node:test';
import { repositoryOf, run } from './testing/run-schemas.ts';

const order = (...fields: object[]) =>
  JSON.stringify({
    ...{ type: 'record', name: 'Order' },
    fields: [{ name: 'id', type: 'long' }, ...fields],
  });
const required = { name: 'is_prime', type: 'boolean' };

/** Runs `check`, and returns its lines without the folder. */
async function check(folder: string, ...args: string[]) {
  const { code, stdout, stderr } = await run(['check', ...args]);
  assert.equal(stderr, '');
  return { code, lines: stdout.trimEnd().replaceAll(`${folder}/`, '').split('\n') };
}

test('check: the files in the subfolders of a folder are checked', async (context) => {
  const { folder, path, write, commit } = repositoryOf(context);
  write('orders/eu/o.avsc', order());
  write('node_modules/x/n.avsc', 'not a schema');
  write('.hidden/h.avsc', 'not a schema');
  commit();
  write('orders/eu/o.avsc', order(required));
  const { code, lines } = await check(folder, folder, path('orders'));
  assert.equal(code, 1);
  assert.deepEqual(lines, [
    'NO  orders/eu/o.avsc: BACKWARD with 1 earlier',
    '  READER_FIELD_MISSING_DEFAULT_VALUE at /fields/1: is_prime (against HEAD, text 1 of 1)',
  ]);
});

test('check: a removed or renamed file of a folder is a problem, unless it is removed on purpose', async (context) => {
  const { folder, path, write, remove, commit } = repositoryOf(context);
  write('orders/a.avsc', order());
  write('orders/c.v1.json', '{"type":"object"}');
  write('package.json', '{"name":"schemas"}');
  commit();
  for (const name of ['orders/a.avsc', 'orders/c.v1.json', 'package.json']) remove(name);
  write('orders/b.avsc', order());
  const { code, lines } = await check(folder, folder);
  assert.equal(code, 1);
  const removed = (name: string) => [
    `NO  orders/${name}: NONE with 1 earlier`,
    `  REMOVED_AFTER_RELEASE: the file is released and records may have been written with it: restore it, or pass --removed orders/${name} (against HEAD)`,
  ];
  assert.deepEqual(lines, [
    'ok  orders/b.avsc: BACKWARD with 1 earlier',
    `  note: renamed from orders/a.avsc (the same text), so compared with it; if it is another schema, pass --new orders/b.avsc`,
    ...removed('a.avsc'),
    ...removed('c.v1.json'),
  ]);
  const flags = ['orders/a.avsc', 'orders/c.v1.json'].flatMap((one) => ['--removed', path(one)]);
  assert.equal((await check(folder, folder, ...flags)).code, 0);
  assert.equal((await check(folder, folder, ...flags.slice(2))).code, 1);
  // A file that is named alone is compared too, and does not have to be the only one.
  const alone = await check(folder, path('orders/b.avsc'));
  assert.deepEqual([alone.code, alone.lines[0]], [0, 'ok  orders/b.avsc: BACKWARD with 1 earlier']);
  const wrong = await run(['check', folder, '--removed', path('orders/b.avsc')]);
  assert.deepEqual([wrong.code, wrong.stdout], [2, '']);
  assert.match(wrong.stderr, /--removed .*b\.avsc: the file exists/);
  for (const name of ['orders/nope.avsc', 'orders'])
    for (const more of [[], ['--against', path('orders/b.avsc')]]) {
      const args = ['check', path('orders/b.avsc'), '--new', path(name), ...more];
      const { code, stderr } = await run(args);
      assert.equal(code, 2);
      assert.match(stderr, /--new .*: no such file/);
    }
});

test('check: a shared file is checked with those of other folders that refer to it', async (context) => {
  const { folder, path, write, commit } = repositoryOf(context);
  const shared = (type: string) => JSON.stringify({ definitions: { M: { type } } });
  write('o.json', JSON.stringify({ $ref: 'common/m.json#/definitions/M' }));
  write('common/m.json', shared('integer'));
  commit();
  write('common/m.json', shared('string'));
  for (const words of [[folder], [path('common/m.json'), '--root', folder]]) {
    const { code, lines } = await check(folder, ...words);
    assert.equal(code, 1);
    assert.ok(lines.includes('NO  o.json: BACKWARD with 1 earlier'), lines.join('\n'));
  }
});

test('check: .json files of a folder that are not schemas are skipped, and listed', async (context) => {
  const { folder, path, write, commit } = repositoryOf(context);
  write('package.json', '{"name":"schemas","type":"module","dependencies":{"a":"1"}}');
  write('biome.json', '{"$schema":"https://biomejs.dev/schemas/2.0.0/schema.json"}');
  write('list.json', '[]');
  write('number.json', '{"type":["null","number"]}');
  write('draft.json', '{"$schema":"http://json-schema.org/draft-07/schema#"}');
  commit();
  const { code, lines } = await check(folder, folder);
  assert.equal(code, 0);
  const other = ['biome.json', 'list.json', 'package.json'];
  assert.deepEqual(lines, [
    ...['draft.json', 'number.json'].map((name) => `ok  ${name}: the first version`),
    ...other.map((name) => `--  ${name}: skipped, not a JSON Schema`),
  ]);
  const { skipped } = JSON.parse((await run(['check', folder, '--json'])).stdout);
  assert.deepEqual(skipped, other.map(path));
  // A file that is named is checked, and so is one that was a schema.
  assert.match((await check(folder, path('package.json'))).lines[1] ?? '', /INVALID_SCHEMA/);
  write('number.json', '{"name":"number"}');
  write('cut.json', '{"type":');
  const changed = (await check(folder, folder)).lines;
  assert.ok(changed.includes('ok  number.json: BACKWARD with 1 earlier'), changed.join('\n'));
  assert.ok(changed.includes('NO  cut.json: the first version'), changed.join('\n'));
});

/** The lines without what follows the place. */
const withoutReasons = (lines: readonly string[]) =>
  lines.map((line) => line.replace(/: (?!skipped).*/, ''));

test('check: changes and removals of .json schemas with any keyword of the drafts are problems', async (context) => {
  const { folder, write, remove, commit } = repositoryOf(context);
  write('limit.json', '{"minimum":3}');
  write('names.v1.json', '{"pattern":"^a"}');
  write('rules.json', '{"title":"T","dependentRequired":{"a":["b"]}}');
  write('any.json', 'true');
  write('wrong.json', '{"$schema":"https://json-schema.org/draft/2020-12/schemas"}');
  write('deploy.json', '{"required":true,"items":[{"id":1}],"enum":"prod"}');
  commit();
  write('limit.json', '{"minimum":5}');
  write('names.v1.json', '{"pattern":"^b"}');
  write('names.v2.json', '{"pattern":"^c"}');
  remove('rules.json');
  const { code, lines } = await check(folder, folder);
  assert.equal(code, 1);
  assert.deepEqual(withoutReasons(lines), [
    'ok  any.json',
    ...['NO  limit.json', '  LIMIT_NARROWED at /minimum'],
    ...['NO  names.v1.json', '  EDITED_AFTER_RELEASE'],
    ...['NO  names.v2.json', '  PATTERN_CHANGED at /pattern'],
    ...['NO  wrong.json', '  INVALID_SCHEMA'],
    ...['NO  rules.json', '  REMOVED_AFTER_RELEASE'],
    '--  deploy.json: skipped, not a JSON Schema',
  ]);
});

test('check: a numbered .json file is a schema if another number of its name is one', async (context) => {
  const { folder, write, remove, commit } = repositoryOf(context);
  write('order.v1.json', '{}');
  write('order.v2.json', '{"type":"object"}');
  write('order.v3.json', '{"title":"T","owner":"shop"}');
  write('setting.v1.json', '{"owner":"shop"}');
  write('order.json', '{"owner":"shop"}');
  commit();
  write('order.v1.json', '{"owner":"shop"}');
  remove('order.v3.json');
  remove('setting.v1.json');
  const { lines } = await check(folder, folder);
  assert.deepEqual(withoutReasons(lines), [
    ...['NO  order.v1.json', '  EDITED_AFTER_RELEASE'],
    ...['NO  order.v2.json', '  TYPE_NARROWED at /type'],
    ...['NO  order.v3.json', '  REMOVED_AFTER_RELEASE'],
    '--  order.json: skipped, not a JSON Schema',
  ]);
});
