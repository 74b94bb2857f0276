import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, renameSync, symlinkSync } from 'node:fs';
import { dirname } from 'node:path';
import { type TestContext, test } from 'node:test';
import { repositoryOf, run } from '../testing/run-schemas.ts';

const order = (...fields: object[]) =>
  JSON.stringify({
    ...{ type: 'record', name: 'Order' },
    fields: [{ name: 'id', type: 'long' }, ...fields],
  });
const required = { name: 'currency', type: 'string' };
const removed = (name: string) => [
  `NO  ${name}: NONE with 1 earlier`,
  `  REMOVED_AFTER_RELEASE: the file is released and records may have been written with it: restore it, or pass --removed ${name} (against HEAD)`,
];

/** A repository that has these files, and `check` of one of its paths. */
function releaseOf(context: TestContext, files: Readonly<Record<string, string>>) {
  const repository = repositoryOf(context);
  const { folder, path, write, commit } = repository;
  for (const [name, text] of Object.entries(files)) write(name, text);
  commit();
  return {
    ...repository,
    /** Moves a folder, and puts a link to it in its place. */
    replace(name: string, moved: string) {
      mkdirSync(dirname(path(moved)), { recursive: true });
      renameSync(path(name), path(moved));
      symlinkSync(path(moved), path(name));
    },
    async check(name: string, ...flags: string[]) {
      const { code, stdout, stderr } = await run(['check', path(name), ...flags]);
      assert.equal(stderr, '');
      return { code, lines: stdout.trimEnd().replaceAll(`${folder}/`, '').split('\n') };
    },
  };
}

test('check: a released file is missing if a link is in the place of its folder', async (context) => {
  const files = { 'schemas/a.avsc': '"int"', 'schemas/sub/deep/q.avsc': order() };
  const { path, write, replace, check } = releaseOf(context, files);
  replace('schemas/sub', 'other');
  write('other/deep/q.avsc', order(required));
  const accepted = 'ok  schemas/a.avsc: the first version';
  for (const flags of [[], ['--base', 'HEAD']])
    assert.deepEqual(await check('schemas', ...flags), {
      code: 1,
      lines: [accepted, ...removed('schemas/sub/deep/q.avsc')],
    });
  // Its text counts as gone too: a file with the same name in the definition is compared with it.
  write('schemas/b.avsc', order(required));
  const { code, lines } = await check('schemas', '--removed', path('schemas/sub/deep/q.avsc'));
  assert.equal(code, 1);
  assert.match(
    lines.join('\n'),
    /NO {2}schemas\/b\.avsc: .*\n {2}READER_FIELD_MISSING.*\n.*renamed from schemas\/sub\/deep\/q\.avsc/,
  );
  write('schemas/b.avsc', order());
  assert.equal((await check('schemas', '--removed', path('schemas/sub/deep/q.avsc'))).code, 0);
});

test('check: released files are missing if the folder that is checked became a link', async (context) => {
  const files = { 'a/schemas/q.avsc': order(), 'a/schemas/sub/o.v1.avsc': order() };
  const { path, write, replace, check } = releaseOf(context, files);
  replace('a/schemas', 'a/other');
  write('a/other/q.avsc', order(required));
  for (const flags of [[], ['--base', 'HEAD']]) {
    const { code, lines } = await check('a/schemas', ...flags);
    assert.equal(code, 1);
    assert.deepEqual(
      lines.slice(-4),
      Object.keys(files).flatMap((name) => removed(name)),
    );
  }
  // The same for a file that is named alone.
  for (const name of Object.keys(files)) {
    const alone = await check(name);
    assert.deepEqual([alone.code, alone.lines.slice(1)], [1, removed(name)]);
  }
  const flags = Object.keys(files).flatMap((name) => ['--removed', path(name)]);
  assert.equal((await check('a/schemas', ...flags)).code, 0);
  // The place to which the link leads has the history of its own path only.
  assert.equal((await check('a/other')).code, 0);
});

test('check: a released file is missing if its folder became another repository', async (context) => {
  const files = { 'schemas/a.avsc': '"int"', 'schemas/sub/q.avsc': order() };
  const { path, write, check } = releaseOf(context, files);
  write('schemas/sub/q.avsc', order(required));
  const git = (...args: string[]) => execFileSync('git', args, { cwd: path('schemas/sub') });
  git('init', '--quiet');
  git('add', '--all');
  git('-c', 'user.name=t', '-c', 'user.email=t@example.org', 'commit', '-qm', 'a commit');
  const first = ['a.avsc', 'sub/q.avsc'].map((name) => `ok  schemas/${name}: the first version`);
  const { code, lines } = await check('schemas');
  assert.equal(code, 1);
  assert.deepEqual(lines, [first[0], ...removed('schemas/sub/q.avsc'), first[1]]);
  const accepted = await check('schemas', '--removed', path('schemas/sub/q.avsc'));
  assert.deepEqual(accepted, { code: 0, lines: first });
});

test('check: a folder that is a link in the base too is checked through the link, and skipped below another folder', async (context) => {
  const { path, write, commit, check } = releaseOf(context, { 'other/o.v1.avsc': order() });
  symlinkSync('other', path('schemas'));
  mkdirSync(path('all'));
  symlinkSync('../other', path('all/schemas'));
  write('all/a.avsc', '"int"');
  commit();
  assert.deepEqual(await check('schemas', '--base', 'HEAD'), {
    code: 0,
    lines: ['ok  schemas/o.v1.avsc: the first version'],
  });
  assert.deepEqual(await check('all'), {
    code: 0,
    lines: ['ok  all/a.avsc: the first version'],
  });
  write('other/o.v1.avsc', order(required));
  assert.match((await check('schemas')).lines[1] ?? '', /EDITED_AFTER_RELEASE/);
});
