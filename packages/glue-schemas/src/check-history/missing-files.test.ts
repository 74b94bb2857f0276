import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { compatibilityModes } from '@order-stream/serde/compatibility';
import { folderOf, repositoryOf, run } from '../testing/run-schemas.ts';

const record = (name: string, ...fields: object[]) =>
  JSON.stringify({ type: 'record', name, namespace: 'shop', fields });
const field = (name: string, type: unknown, more: object = {}) => ({ name, type, ...more });
const money = (type = 'long') => record('Money', field('cents', type));
const order = (id: string, ...more: object[]) =>
  record('Order', field('id', id), field('m', 'shop.Money'), ...more);
const optional = field('note', 'string', { default: '' });
const moneyProto = 'syntax = "proto3"; package shop; message Money { int64 cents = 1; }';
const orderProto = (type: string, path = 'vendor/money.proto') =>
  `syntax = "proto3"; import "${path}"; message Order { ${type} id = 1; shop.Money m = 2; }`;
const lacks = (name: string) => new RegExp(`INVALID_SCHEMA: ${name} is not found`);

/** A repository, and `check` of a part of it with the texts of some files. */
function releaseOf(context: TestContext) {
  const repository = repositoryOf(context);
  const { folder, path, write } = repository;
  return {
    ...repository,
    async check(files: Readonly<Record<string, string>>, ...args: string[]) {
      for (const [name, text] of Object.entries(files)) write(name, text);
      const { code, stdout, stderr } = await run(['check', path('schemas'), ...args]);
      assert.equal(stderr, '');
      return { code, text: stdout.replaceAll(`${folder}/`, '') };
    },
  };
}

/** Where Money is, outside of the commits of the repository; the flags that name it. */
const places: Readonly<
  Record<string, (repository: ReturnType<typeof repositoryOf>, context: TestContext) => string[]>
> = {
  'in an ignored folder': ({ write }) => {
    write('.gitignore', 'vendor/\n');
    write('schemas/vendor/money.avsc', money());
    return [];
  },
  'in an ignored node_modules, by --references': ({ write, path }) => {
    write('.gitignore', 'node_modules/\n');
    write('node_modules/money.avsc', money());
    return ['--references', `shop.Money=${path('node_modules/money.avsc')}`];
  },
  'outside of the repository, by --references': (_, context) => {
    const file = join(folderOf(context), 'money.avsc');
    writeFileSync(file, money());
    return ['--references', `shop.Money=${file}`];
  },
  'behind an absolute link': ({ path }, context) => {
    const file = join(folderOf(context), 'money.avsc');
    writeFileSync(file, money());
    mkdirSync(path('schemas'));
    symlinkSync(file, path('schemas/money.avsc'));
    return [];
  },
  'in a submodule': ({ path, folder }) => {
    const inner = path('schemas/common');
    mkdirSync(inner, { recursive: true });
    const git = (cwd: string, ...args: string[]) =>
      execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.org', ...args], {
        cwd,
        stdio: 'pipe',
      });
    git(inner, 'init', '--quiet');
    writeFileSync(join(inner, 'money.avsc'), money());
    git(inner, 'add', '--all');
    git(inner, 'commit', '--quiet', '--message', 'a commit');
    const commit = git(inner, 'rev-parse', 'HEAD').toString().trim();
    git(folder, 'update-index', '--add', '--cacheinfo', `160000,${commit},schemas/common`);
    return [];
  },
};

for (const [place, prepare] of Object.entries(places))
  test(`check: a text that refers to a file ${place} is compared with that file as it is`, async (context) => {
    const repository = releaseOf(context);
    const flags = prepare(repository, context);
    repository.write('schemas/order.avsc', order('string'));
    repository.write('schemas/old.v1.avsc', order('string').replace('Order', 'Old'));
    repository.commit();
    const broken = await repository.check({ 'schemas/order.avsc': order('int') }, ...flags);
    assert.equal(broken.code, 1, broken.text);
    assert.match(broken.text, /NO {2}schemas\/order\.avsc: BACKWARD with 1 earlier\n {2}TYPE_MIS/);
    const next = { 'schemas/order.avsc': order('string', optional) };
    const fine = await repository.check(next, '--base', 'HEAD', ...flags);
    assert.equal(fine.code, 0, fine.text);
    assert.match(fine.text, /note: HEAD, text 1 of 1 is compared with files of another commit/);

    const number = order('int').replace('Order', 'Old');
    const numbers = await repository.check({ 'schemas/old.v2.avsc': number }, ...flags);
    assert.match(numbers.text, /NO {2}schemas\/old\.v2\.avsc: BACKWARD with 1 earlier\n {2}TYPE/);
    const edited = await repository.check({ 'schemas/old.v1.avsc': number }, ...flags);
    assert.match(edited.text, /NO {2}schemas\/old\.v1.*\n {2}EDITED_AFTER_RELEASE/);
    repository.remove('schemas/order.avsc');
    const renamed = await repository.check(
      { 'schemas/renamed.avsc': order('int') },
      ...['--removed', repository.path('schemas/order.avsc'), ...flags],
    );
    assert.match(renamed.text, /NO {2}schemas\/renamed\.avsc: BACKWARD with 1 earlier\n {2}TYPE/);
  });

test('check: an ignored .proto file is found under each mode', async (context) => {
  const { write, commit, check } = releaseOf(context);
  write('.gitignore', 'vendor/\n');
  write('schemas/vendor/money.proto', moneyProto);
  write('schemas/order.proto', orderProto('string'));
  commit();
  for (const mode of compatibilityModes.filter((one) => one !== 'NONE')) {
    const { code, text } = await check(
      { 'schemas/order.proto': orderProto('int32') },
      '--mode',
      mode,
    );
    assert.equal(code, 1, text);
    assert.match(text, new RegExp(`NO {2}schemas/order.proto: ${mode} with 1 earlier`));
    assert.doesNotMatch(text, /not a schema/);
  }
});

test('check: a file that refers to an ignored one is as in the base, or its last edit is checked', async (context) => {
  const { write, commit, check } = releaseOf(context);
  write('.gitignore', 'vendor/\n');
  write('schemas/vendor/money.avsc', money());
  for (const id of ['string', 'int', 'boolean']) {
    const number = ['string', 'int', 'boolean'].indexOf(id) + 1;
    write('schemas/order.avsc', order(id));
    write(`schemas/old.v${number}.avsc`, order(id).replace('Order', 'Old'));
    commit();
  }
  assert.match(
    (await check({})).text,
    /NO {2}schemas\/order\.avsc: BACKWARD with 2 earlier\n {2}TYPE_MISMATCH/,
  );
  const { code, text } = await check({}, '--base', 'HEAD', '--mode', 'FULL_ALL');
  assert.equal(code, 0, text);
});

test('check: a text whose file is not anywhere is a problem that names what it lacks', async (context) => {
  for (const [name, released, changed, lacking] of [
    ['order.avsc', order('string'), record('Order', field('id', 'int')), 'shop\\.Money'],
    [
      'order.proto',
      orderProto('string'),
      'syntax = "proto3"; message Order { int32 id = 1; }',
      'vendor/money\\.proto',
    ],
    ['order.json', '{"$ref":"money.json"}', '{"type":"string"}', 'money\\.json'],
  ] as const) {
    const { write, commit, check, remove } = releaseOf(context);
    write(`schemas/${name}`, released);
    const numbered = `schemas/${name.replace('.', '.v1.')}`;
    write(numbered, released.replaceAll('Order', 'Old'));
    commit();
    for (const flags of [[], ['--base', 'HEAD'], ['--mode', 'FULL_ALL']]) {
      const { code, text } = await check({ [`schemas/${name}`]: changed }, ...flags);
      assert.equal(code, 1, text);
      const [, problem] = text.slice(text.indexOf(`NO  schemas/${name}`)).split('\n');
      assert.match(problem ?? '', lacks(lacking));
      assert.match(problem ?? '', /--references/);
    }
    const edited = await check({ [numbered]: changed });
    assert.match(edited.text, /EDITED_AFTER_RELEASE: .*: add a new version instead/);
    remove(numbered);
  }
});

test('check: a text with a syntax error is not a schema, whatever file it lacks', async (context) => {
  const { write, commit, check } = releaseOf(context);
  write('schemas/order.proto', `${orderProto('string')} message {`);
  write('schemas/a.avsc', JSON.stringify({ type: 'record', fields: [field('m', 'shop.Money')] }));
  commit();
  const files = { 'schemas/order.proto': 'message Order {}', 'schemas/a.avsc': record('A') };
  const { code, text } = await check(files);
  assert.equal(code, 0, text);
  assert.equal(text.match(/is not compared, because it is not a schema/g)?.length, 2);
});

test('check: files that moved, with another root, are found where they are now', async (context) => {
  const { write, commit, check, remove, path } = releaseOf(context);
  write('schemas/m/money.avsc', money());
  write('schemas/order.avsc', order('string'));
  commit();
  remove('schemas/m/money.avsc');
  const files = { 'schemas/common/m/money.avsc': money(), 'schemas/order.avsc': order('int') };
  const flags = ['--root', path('schemas/common'), '--removed', path('schemas/m/money.avsc')];
  const { code, text } = await check(files, ...flags);
  assert.equal(code, 1);
  assert.match(text, /NO {2}schemas\/order\.avsc: BACKWARD with 1 earlier\n {2}TYPE_MISMATCH/);
});

test('check: an import that only the other registry brings along is a problem that names the frame', async (context) => {
  const { write, commit, check } = releaseOf(context);
  write(
    'schemas/a.proto',
    'syntax = "proto3"; import "confluent/meta.proto"; message A { string b = 1; }',
  );
  commit();
  const { code, text } = await check({
    'schemas/a.proto': 'syntax = "proto3"; message A { int32 b = 1; }',
  });
  assert.equal(code, 1);
  assert.match(text, lacks('confluent/meta\\.proto'));
  assert.match(text, /--frame confluent/);
});

test('check: a text whose shared file is damaged is compared with that file as it was before', async (context) => {
  const { write, commit, check } = releaseOf(context);
  write('schemas/money.avsc', money());
  write('schemas/order.avsc', order('string'));
  commit();
  write('schemas/money.avsc', '{');
  commit();
  const changed = { 'schemas/money.avsc': money(), 'schemas/order.avsc': order('int') };
  const one = await check(changed);
  assert.match(one.text, /NO {2}schemas\/order\.avsc: BACKWARD with \d earlier\n {2}TYPE_MISMATCH/);
  // With Money as it is now, the texts of Order would be equal.
  const other = await check({
    'schemas/money.avsc': money('int'),
    'schemas/order.avsc': order('string'),
  });
  assert.match(
    other.text,
    /NO {2}schemas\/order\.avsc: BACKWARD with \d earlier\n {2}TYPE_MISMATCH/,
  );
});

test('check: a text that was released while a shared file was damaged is compared with the mended file', async (context) => {
  const { write, commit, check } = releaseOf(context);
  write('schemas/order.avsc', record('Order', field('id', 'int')));
  write('schemas/money.avsc', money());
  commit();
  write('schemas/order.avsc', order('string'));
  write('schemas/money.avsc', '{');
  commit();
  const { text } = await check({
    'schemas/money.avsc': money(),
    'schemas/order.avsc': order('int'),
  });
  assert.match(
    text,
    /NO {2}schemas\/order\.avsc: BACKWARD with 2 earlier\n {2}TYPE_MISMATCH.*text 2 of 2/,
  );
});

test('check: of the files to which a text refers, only those that its commit lacks are read as they are now', async (context) => {
  const { write, commit, check } = releaseOf(context);
  write('.gitignore', 'vendor/\n');
  write('schemas/vendor/tax.avsc', record('Tax', field('m', 'shop.Money')));
  write('schemas/money.avsc', money());
  write('schemas/order.avsc', order('string', field('t', 'shop.Tax')));
  commit();
  const { text } = await check({ 'schemas/money.avsc': money('int') });
  assert.match(text, /NO {2}schemas\/order\.avsc: BACKWARD with 1 earlier\n {2}TYPE_MISMATCH/);
});

test('check: a number that nests too deeply for this tool is no schema that may be mended', async (context) => {
  const deep = `${'{"items":'.repeat(600)}{}${'}'.repeat(600)}`;
  const { write, commit, check } = releaseOf(context);
  write('schemas/a.v1.json', deep);
  write('schemas/b.json', deep);
  commit();
  const files = { 'schemas/a.v1.json': '{"type":"string"}', 'schemas/b.json': '{"type":"string"}' };
  const { text } = await check(files);
  assert.match(text, /NO {2}schemas\/a\.v1\.json: .*\n {2}EDITED_AFTER_RELEASE/);
  assert.match(text, /NO {2}schemas\/b\.json: .*\n {2}INVALID_SCHEMA: .*nesting beyond 500 levels/);
});

test('check: a shared file that was removed and comes back is compared as it was with the texts that refer to it', async (context) => {
  const { write, commit, check, remove } = releaseOf(context);
  write('schemas/money.avsc', money());
  write('schemas/order.avsc', order('string'));
  commit();
  remove('schemas/money.avsc');
  commit();
  const { text } = await check({ 'schemas/money.avsc': money('int') }, '--base', 'HEAD');
  assert.match(text, /NO {2}schemas\/order\.avsc: BACKWARD with \d earlier\n {2}TYPE_MISMATCH/);
});

test('check: a damaged number is restored to its last text, also if git does not hold what that refers to', async (context) => {
  const { write, commit, check } = releaseOf(context);
  write('.gitignore', 'vendor/\n');
  write('schemas/vendor/money.avsc', money());
  write('schemas/o.v1.avsc', order('string'));
  commit();
  write('schemas/o.v1.avsc', '{');
  commit();
  const { code, text } = await check({ 'schemas/o.v1.avsc': order('int') });
  assert.equal(code, 1);
  assert.match(text, /EDITED_AFTER_RELEASE: .* restore the last text/);
  assert.equal((await check({ 'schemas/o.v1.avsc': order('string') })).code, 0);
});

test('check: a text with a fault of its own is not a schema, also beside files that are found', async (context) => {
  const { write, commit, check } = releaseOf(context);
  const imports = 'syntax = "proto3"; import "google/protobuf/timestamp.proto"; message A';
  write('schemas/money.avsc', money());
  write('schemas/order.avsc', order('int', field('id', 'int')));
  write('schemas/a.proto', `${imports} { google.protobuf.Timestamp t = 1; B b = 2; }`);
  commit();
  const mended = { 'schemas/order.avsc': order('int'), 'schemas/a.proto': `${imports} {}` };
  const { code, text } = await check(mended);
  assert.equal(code, 0, text);
});
