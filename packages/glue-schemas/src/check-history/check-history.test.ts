import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { folderOf, repositoryOf, run } from '../testing/run-schemas.ts';

const record = (name: string, ...fields: object[]) =>
  JSON.stringify({ type: 'record', name, namespace: 'shop', fields });
const field = (name: string, type: unknown, more: object = {}) => ({ name, type, ...more });
const money = (...more: object[]) => record('Money', field('cents', 'long'), ...more);
const order = (...more: object[]) => record('Order', field('total', 'shop.Money'), ...more);
const currency = field('currency', 'string');
const optional = (name: string) => field(name, 'string', { default: '' });

/** Runs `check`, and returns its lines without the folder. */
async function check(folder: string, ...args: string[]) {
  const { code, stdout, stderr } = await run(['check', ...args]);
  assert.equal(stderr, '');
  return { code, lines: stdout.trimEnd().replaceAll(`${folder}/`, '').split('\n') };
}

/** How many processes of git a run of `check` starts. */
async function gitProcesses(context: TestContext, args: string[]): Promise<number> {
  const traces = folderOf(context);
  process.env.GIT_TRACE2_EVENT = traces;
  try {
    assert.equal((await run(['check', ...args])).code, 0);
  } finally {
    delete process.env.GIT_TRACE2_EVENT;
  }
  return readdirSync(traces).length;
}

test('check: the number of git processes does not depend on the number of files and commits', async (context) => {
  const { folder, path, write, commit } = repositoryOf(context);
  write('money.avsc', money());
  write('order0.avsc', order());
  commit();
  const few = await gitProcesses(context, [folder]);
  for (let at = 1; at < 5; at += 1) {
    write('money.avsc', money(...Array.from({ length: at }, (_, i) => optional(`f${i}`))));
    for (let i = at; i < 30; i += 4)
      write(`${i % 2 ? 'a' : 'b/c'}/order${i}.avsc`, record(`Order${i}`, field('m', 'shop.Money')));
    commit();
  }
  write('money.avsc', money(optional('f0')));
  assert.deepEqual(
    [await gitProcesses(context, [folder]), await gitProcesses(context, [path('money.avsc')])],
    [few, few],
  );
  assert.equal(few, 4);
  const { lines } = await check(folder, folder, '--mode', 'BACKWARD_ALL');
  assert.equal(lines[0], 'ok  money.avsc: BACKWARD_ALL with 5 earlier');
  assert.ok(lines.includes('ok  a/order1.avsc: BACKWARD_ALL with 4 earlier'), lines.join('\n'));
});

test('check: the root may be below the top of the repository', async (context) => {
  const { folder, path, write, commit } = repositoryOf(context);
  write('schemas/api/order.avsc', order());
  write('schemas/api/money.avsc', money());
  write('schemas/api/item.v1.avsc', record('Item', field('price', 'shop.Money')));
  // Files with the same names at the top belong to another root.
  write('order.avsc', record('Order'));
  write('money.avsc', record('Money'));
  commit();
  write('schemas/api/money.avsc', money(currency));
  const fault = (at: string, against: string) =>
    `  READER_FIELD_MISSING_DEFAULT_VALUE at ${at}: currency (against ${against})`;
  const text = 'HEAD, text 1 of 1';
  const expected = [
    'NO  item.v1.avsc: BACKWARD with 1 earlier',
    fault('/fields/0/type/fields/1', 'item.v1.avsc in HEAD'),
    'NO  money.avsc: BACKWARD with 1 earlier',
    fault('/fields/1', text),
    'NO  order.avsc: BACKWARD with 1 earlier',
    fault('/fields/0/type/fields/1', text),
  ];
  assert.deepEqual((await check(path('schemas/api'), path('schemas/api'))).lines, expected);
  assert.equal((await check(folder, path('schemas/api/item.v1.avsc'))).lines[0]?.slice(0, 2), 'NO');
});

test('check: the history of a file of --references counts, and that of a $ref outside of the root', async (context) => {
  const { folder, path, write, commit } = repositoryOf(context);
  write('api/order.avsc', order());
  write('shared/money.avsc', money());
  commit();
  write('shared/money.avsc', money(optional('a')));
  commit();
  write('shared/money.avsc', money(optional('a'), optional('b')));
  commit();
  const named = ['--references', `shop.Money=${path('shared/money.avsc')}`];
  write('shared/money.avsc', money(currency));
  const all = await check(folder, path('api/order.avsc'), ...named, '--mode', 'BACKWARD_ALL');
  assert.equal(all.lines[0], 'NO  api/order.avsc: BACKWARD_ALL with 3 earlier');

  const number = (maximum: number) => JSON.stringify({ definitions: { N: { maximum } } });
  write('api/a.json', JSON.stringify({ $ref: '../shared/n.json#/definitions/N' }));
  write('shared/n.json', number(5));
  commit();
  write('shared/n.json', number(9));
  commit();
  // Compatible with the first text, which is not the last one.
  write('shared/n.json', number(5));
  const { code, lines } = await check(folder, path('api/a.json'));
  assert.deepEqual([code, lines[0]], [1, 'NO  api/a.json: BACKWARD with 2 earlier']);
});

test('check: another version of a file does not define the names that the file uses', async (context) => {
  const { folder, write, commit } = repositoryOf(context);
  write('money.avsc', money());
  write('order.v1.avsc', order());
  const inline = JSON.parse(money());
  write('order.v2.avsc', record('Order', field('total', inline), optional('note')));
  commit();
  const { code, lines } = await check(folder, folder);
  const expected = ['money.avsc: the', 'order.v1.avsc: the', 'order.v2.avsc: BACKWARD'];
  assert.deepEqual(
    lines.map((line) => line.split(' ').slice(0, 4).join(' ')),
    expected.map((line) => `ok  ${line}`),
  );
  assert.equal(code, 0);
});

test('check: a name means the definition in the nearest folder, also where a folder around is checked', async (context) => {
  const { folder, path, write, commit } = repositoryOf(context);
  for (const service of ['one', 'two']) {
    write(`${service}/order.avsc`, order());
    write(`${service}/money.avsc`, money());
    write(`${service}/order.proto`, 'syntax = "proto3"; import "common/money.proto";');
    write(`${service}/common/money.proto`, 'syntax = "proto3"; message Money { int64 cents = 1; }');
  }
  commit();
  assert.equal((await check(folder, folder)).code, 0);
  write('two/money.avsc', money(currency));
  write('two/common/money.proto', 'syntax = "proto3"; message Money { string cents = 1; }');
  const { lines } = await check(folder, folder);
  assert.deepEqual(
    lines.filter((line) => line.startsWith('NO')).map((line) => line.replace(/:.*/, '')),
    ['NO  two/money.avsc', 'NO  two/order.avsc', 'NO  two/common/money.proto'],
  );
  // The root that was chosen is the only one.
  const chosen = await check(folder, path('one/order.avsc'), '--root', folder);
  assert.match(chosen.lines[1] ?? '', /shop\.Money is defined in one\/money\.avsc and two/);
});
