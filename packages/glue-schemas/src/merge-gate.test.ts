import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
const main = new URL('./main.ts', import.meta.url).pathname;
const root = new URL('../../..', import.meta.url).pathname;

/** The workflow's last step, with the command instead of the npm script that calls it. */
function gate(flags = ''): string {
  const [, command] = /- run: npm run --silent schemas -- (.+)\n/.exec(readme) ?? [];
  assert.ok(command);
  return `"${process.execPath}" "${main}" ${command} ${flags}`;
}

/** The last step of the workflow in another repository, which has a clone of this one in a folder. */
function gateElsewhere(): string {
  const [command] = /^npm --prefix order-stream .+$/m.exec(readme) ?? [];
  assert.ok(command);
  return command;
}

const order = (...fields: object[]) =>
  JSON.stringify({
    type: 'record',
    name: 'Order',
    fields: [{ name: 'id', type: 'long' }, ...fields],
  });

/** A clone with a branch to merge into origin/main, where version 1 is released. */
function cloneOf(context: TestContext) {
  const folder = mkdtempSync(join(tmpdir(), 'merge-gate-'));
  context.after(() => rmSync(folder, { recursive: true }));
  const [origin, clone] = [join(folder, 'origin'), join(folder, 'clone')];
  const git = (cwd: string, ...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.org', ...args], {
      cwd,
      stdio: 'pipe',
    });
  mkdirSync(join(origin, 'schemas'), { recursive: true });
  git(origin, 'init', '--quiet', '--initial-branch=main');
  writeFileSync(join(origin, 'schemas/order.v1.avsc'), order());
  git(origin, 'add', '--all');
  git(origin, 'commit', '--quiet', '--message', 'release version 1');
  git(folder, 'clone', '--quiet', origin, clone);
  return {
    write(name: string, text: string) {
      const file = join(clone, 'schemas', name);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
    },
    /** Merges what was written into origin/main. */
    release() {
      git(clone, 'add', '--all');
      git(clone, 'commit', '--quiet', '--message', 'a release');
      git(clone, 'push', '--quiet', 'origin', 'HEAD:refs/heads/released');
      git(origin, 'reset', '--hard', '--quiet', 'released');
      git(clone, 'fetch', '--quiet');
    },
    remove: (name: string) => rmSync(join(clone, 'schemas', name)),
    linkCommand: () => symlinkSync(root, join(clone, 'order-stream')),
    run(command = gate()) {
      git(clone, 'add', '--all');
      git(clone, 'commit', '--quiet', '--allow-empty', '--message', 'a change');
      const { PATH, HOME, NODE_COMPILE_CACHE } = process.env;
      const env = { PATH, HOME, NODE_COMPILE_CACHE, GITHUB_BASE_REF: 'main' };
      return new Promise<{ code: number; stdout: string }>((resolve) => {
        execFile('bash', ['-c', command], { cwd: clone, env }, (error, stdout) =>
          resolve({ code: (error?.code as number | undefined) ?? 0, stdout }),
        );
      });
    },
  };
}

test('the workflow accepts a compatible version', async (context) => {
  const { write, run } = cloneOf(context);
  write('order.v2.avsc', order({ name: 'note', type: 'string', default: '' }));
  const { code, stdout } = await run();
  assert.equal(code, 0, stdout);
});

test('the workflow rejects a version that breaks readers, and names the field', async (context) => {
  const { write, run } = cloneOf(context);
  write('order.v2.avsc', order({ name: 'is_prime', type: 'boolean' }));
  const { code, stdout } = await run();
  assert.equal(code, 1);
  assert.match(stdout, /READER_FIELD_MISSING_DEFAULT_VALUE at \/fields\/1: is_prime/);
});

test('the workflow rejects a change of a released file, and its removal', async (context) => {
  const edited = cloneOf(context);
  edited.write('order.v1.avsc', order({ name: 'note', type: 'string', default: '' }));
  assert.match((await edited.run()).stdout, /EDITED_AFTER_RELEASE/);
  const removed = cloneOf(context);
  removed.write('order.v2.avsc', order());
  removed.remove('order.v1.avsc');
  const { code, stdout } = await removed.run();
  assert.equal(code, 1);
  assert.match(stdout, /REMOVED_AFTER_RELEASE/);
});

test('the command of another repository checks the schemas of that repository', async (context) => {
  const { linkCommand, write, run } = cloneOf(context);
  linkCommand();
  write('order.v2.avsc', order({ name: 'note', type: 'string', default: '' }));
  const accepted = await run(gateElsewhere());
  assert.deepEqual(accepted, {
    code: 0,
    stdout: `ok  schemas/order.v1.avsc: the first version
ok  schemas/order.v2.avsc: BACKWARD with 1 earlier
`,
  });
  write('order.v3.avsc', order({ name: 'is_prime', type: 'boolean' }));
  const { code, stdout } = await run(gateElsewhere());
  assert.equal(code, 1);
  assert.match(stdout, /READER_FIELD_MISSING_DEFAULT_VALUE at \/fields\/1: is_prime/);
});

test('the workflow rejects an incompatible file in a subfolder', async (context) => {
  const { write, release, run } = cloneOf(context);
  write('orders/o.avsc', order());
  write('a.avsc', order());
  release();
  write('orders/o.avsc', order({ name: 'is_prime', type: 'boolean' }));
  const { code, stdout } = await run();
  assert.equal(code, 1, stdout);
  assert.match(stdout, /NO {2}schemas\/orders\/o\.avsc: .*\n {2}READER_FIELD_MISSING/);
});

test('the workflow accepts files that are as in the base, also after a revert or an incompatible release there', async (context) => {
  const { write, release, run } = cloneOf(context);
  const money = (type: string) =>
    JSON.stringify({ type: 'record', name: 'Money', fields: [{ name: 'cents', type }] });
  const item = (...fields: object[]) =>
    JSON.stringify({
      ...{ type: 'record', name: 'Item' },
      fields: [{ name: 'price', type: 'Money' }, ...fields],
    });
  write('item.avsc', item());
  for (const type of ['long', 'string', 'long']) {
    write('money.avsc', money(type));
    release();
  }
  write('order.v2.avsc', order({ name: 'is_prime', type: 'boolean' }));
  release();
  write('other.avsc', order());
  const { code, stdout } = await run();
  assert.equal(code, 0, stdout);
  assert.equal(
    stdout,
    `ok  schemas/item.avsc: BACKWARD with 1 earlier
ok  schemas/money.avsc: BACKWARD with 1 earlier
ok  schemas/order.v1.avsc: the first version
ok  schemas/order.v2.avsc: BACKWARD with 1 earlier
ok  schemas/other.avsc: the first version
`,
  );
  // A file that differs from the base is compared with all that the mode names.
  write('money.avsc', money('double'));
  write('order.v3.avsc', order());
  const changed = await run(gate('--mode BACKWARD_ALL'));
  assert.equal(changed.code, 1);
  assert.deepEqual(
    changed.stdout.split('\n').filter((line) => /^NO|LONG|STRING/.test(line)),
    [
      'NO  schemas/item.avsc: BACKWARD_ALL with 3 earlier',
      '  TYPE_MISMATCH at /fields/0/type/fields/0/type: reader type: DOUBLE not compatible with writer type: STRING (against origin/main, text 2 of 3)',
      'NO  schemas/money.avsc: BACKWARD_ALL with 3 earlier',
      '  TYPE_MISMATCH at /fields/0/type: reader type: DOUBLE not compatible with writer type: STRING (against origin/main, text 2 of 3)',
    ],
  );
});
