import assert from 'node:assert/strict';
import { test } from 'node:test';
import { repositoryOf, run } from './testing/run-schemas.ts';

const record = (name: string, ...fields: object[]) =>
  JSON.stringify({ type: 'record', name, namespace: 'shop', fields });
const field = (name: string, type: unknown, more: object = {}) => ({ name, type, ...more });
const money = (...more: object[]) => record('Money', field('cents', 'long'), ...more);
const order = (...more: object[]) => record('Order', field('total', 'shop.Money'), ...more);
const item = record('Item', field('price', 'Money'));
const currency = field('currency', 'string');
const withDefault = field('currency', 'string', { default: 'EUR' });

const proto = (body: string) => `syntax = "proto3"; ${body}`;
const orderProto = proto('import "common/money.proto"; message Order { shop.Money total = 1; }');
const moneyProto = (type: string) => proto(`package shop; message Money { ${type} cents = 1; }`);

const orderJson = JSON.stringify({
  type: 'object',
  properties: { total: { $ref: 'common/money.json#/definitions/cents' } },
  additionalProperties: false,
});
const moneyJson = (maximum: number) =>
  JSON.stringify({ definitions: { cents: { type: 'integer', maximum } } });

/** Runs `check`, and returns its lines without the folder and what follows the first colon. */
async function check(folder: string, ...args: string[]) {
  const { code, stdout, stderr } = await run(['check', ...args]);
  assert.equal(stderr, '');
  const lines = stdout.trimEnd().replaceAll(`${folder}/`, '').split('\n');
  return { code, lines };
}

test('check: .avsc files that name each other are compared in any order of their names', async (context) => {
  const { folder, write, commit } = repositoryOf(context);
  write('a-order.avsc', order(field('item', 'shop.Item')));
  write('m-item.avsc', item);
  write('z-money.avsc', money());
  commit();
  write('z-money.avsc', money(withDefault));
  const { code, lines } = await check(folder, folder);
  assert.deepEqual(lines, [
    'ok  a-order.avsc: BACKWARD with 1 earlier',
    'ok  m-item.avsc: BACKWARD with 1 earlier',
    'ok  z-money.avsc: BACKWARD with 1 earlier',
  ]);
  assert.equal(code, 0);
});

test('check: a changed file changes the verdicts of those that refer to it, also when it alone is checked', async (context) => {
  const { folder, path, write, commit } = repositoryOf(context);
  write('order.avsc', order());
  write('money.avsc', money());
  write('other.avsc', record('Other'));
  commit();
  write('money.avsc', money(currency));
  const expected = [
    'NO  order.avsc: BACKWARD with 1 earlier',
    '  READER_FIELD_MISSING_DEFAULT_VALUE at /fields/0/type/fields/1: currency (against HEAD, text 1 of 1)',
  ];
  const whole = await check(folder, folder);
  assert.equal(whole.code, 1);
  for (const line of expected) assert.ok(whole.lines.includes(line), whole.lines.join('\n'));
  const alone = await check(folder, path('money.avsc'));
  assert.deepEqual(alone.lines.slice(-2), expected);
  assert.equal(alone.lines[0], 'NO  money.avsc: BACKWARD with 1 earlier');
});

test('check: the history of a file has the other files as each commit had them', async (context) => {
  const { folder, path, write, commit } = repositoryOf(context);
  write('order.avsc', order());
  write('money.avsc', money());
  commit();
  write('money.avsc', money(withDefault));
  commit();
  write('order.avsc', order(field('note', 'string', { default: '' })));
  commit();
  write('money.avsc', money(currency));
  const all = ['--mode', 'BACKWARD_ALL'];
  const { lines } = await check(folder, path('order.avsc'), ...all);
  assert.deepEqual(lines, [
    'NO  order.avsc: BACKWARD_ALL with 3 earlier',
    '  READER_FIELD_MISSING_DEFAULT_VALUE at /fields/0/type/fields/1: currency (against HEAD, text 1 of 3)',
  ]);
  const since = await check(folder, path('order.avsc'), ...all, '--base', 'HEAD~1');
  assert.equal(since.lines[0], 'NO  order.avsc: BACKWARD_ALL with 2 earlier');
});

test('check: the other files of a commit may begin with a byte order mark', async (context) => {
  const { folder, write, commit } = repositoryOf(context);
  write('order.avsc', order());
  write('money.avsc', `\uFEFF${money()}`);
  commit();
  write('money.avsc', `\uFEFF${money(withDefault)}`);
  const { code, lines } = await check(folder, folder);
  assert.deepEqual(lines, [
    'ok  money.avsc: BACKWARD with 1 earlier',
    'ok  order.avsc: BACKWARD with 1 earlier',
  ]);
  assert.equal(code, 0);
});

test('check: of numbered files the newest applies, and lower numbers have those of the base', async (context) => {
  const { folder, path, write, commit } = repositoryOf(context);
  write('order.v1.avsc', order());
  write('money.v1.avsc', money());
  commit();
  write('money.v2.avsc', money(currency));
  const { lines } = await check(folder, folder);
  assert.deepEqual(lines, [
    'ok  money.v1.avsc: the first version',
    'NO  money.v2.avsc: BACKWARD with 1 earlier',
    '  READER_FIELD_MISSING_DEFAULT_VALUE at /fields/1: currency (against money.v1.avsc)',
    'NO  order.v1.avsc: BACKWARD with 1 earlier',
    '  READER_FIELD_MISSING_DEFAULT_VALUE at /fields/0/type/fields/1: currency (against order.v1.avsc in HEAD)',
  ]);
  write('order.v2.avsc', order(field('note', 'string', { default: '' })));
  const next = await check(folder, path('order.v2.avsc'));
  assert.deepEqual(next.lines, [
    'NO  order.v2.avsc: BACKWARD with 1 earlier',
    '  READER_FIELD_MISSING_DEFAULT_VALUE at /fields/0/type/fields/1: currency (against order.v1.avsc)',
  ]);
});

test('check: a circle, a name that is defined twice and a name that is missing are problems of their files', async (context) => {
  const { folder, path, write, commit } = repositoryOf(context);
  write('good.avsc', record('Good'));
  write('a.avsc', record('A', field('b', 'shop.B')));
  write('b.avsc', record('B', field('a', 'shop.A')));
  write('order.avsc', order());
  write('cash.avsc', money());
  write('coin.avsc', money());
  write('lost.avsc', record('Lost', field('x', 'shop.Missing')));
  commit();
  const { code, lines } = await check(folder, folder);
  assert.equal(code, 1);
  const problems = lines.filter((line) => line.startsWith(' '));
  assert.deepEqual(problems, [
    '  INVALID_SCHEMA: the files refer to each other in a circle: a.avsc -> b.avsc -> a.avsc',
    '  INVALID_SCHEMA: the files refer to each other in a circle: b.avsc -> a.avsc -> b.avsc',
    '  INVALID_SCHEMA: Undefined name: "shop.Missing"',
    '  INVALID_SCHEMA: shop.Money is defined in cash.avsc and coin.avsc; choose one with --references shop.Money=FILE',
  ]);
  assert.ok(lines.includes('ok  good.avsc: the first version'));
  const chosen = ['--references', `shop.Money=${path('coin.avsc')}`];
  assert.equal((await check(folder, path('order.avsc'), ...chosen)).code, 0);
});

for (const [format, files, change] of [
  [
    'proto',
    { 'order.proto': orderProto, 'common/money.proto': moneyProto('int64') },
    moneyProto('string'),
  ],
  ['json', { 'order.json': orderJson, 'common/money.json': moneyJson(9) }, moneyJson(5)],
] as const)
  test(`check: .${format} files find the others by their paths, now and in the history`, async (context) => {
    const { folder, path, write, commit } = repositoryOf(context);
    for (const [name, text] of Object.entries(files)) write(name, text);
    commit();
    assert.deepEqual(await check(folder, folder), {
      code: 0,
      lines: [
        `ok  order.${format}: the first version`,
        `ok  common/money.${format}: the first version`,
      ],
    });
    write(`common/money.${format}`, change);
    const { code, lines } = await check(folder, folder);
    assert.equal(code, 1);
    assert.equal(lines[0], `NO  order.${format}: BACKWARD with 1 earlier`);
    const diff = await run(['diff', path(`order.${format}`), path(`order.${format}`)]);
    assert.deepEqual([diff.code, diff.stdout], [0, 'no difference\n']);
  });

test('check: imports and names are looked up in --root, and --references comes first', async (context) => {
  const { folder, path, write, commit } = repositoryOf(context);
  write('api/order.proto', orderProto);
  write('common/money.proto', moneyProto('int64'));
  write('wrong.proto', moneyProto('string'));
  commit();
  const file = path('api/order.proto');
  const missing = await check(folder, file);
  assert.equal(missing.code, 1);
  assert.match(missing.lines[1] ?? '', /INVALID_SCHEMA: .*common\/money\.proto/);
  assert.equal((await check(folder, file, '--root', folder)).code, 0);
  const named = (name: string) => ['--references', `common/money.proto=${path(name)}`];
  assert.equal((await check(folder, file, ...named('common/money.proto'))).code, 0);
  const against = ['--against', file, '--root', folder];
  assert.equal((await check(folder, file, ...against, ...named('wrong.proto'))).code, 0);
  write('common/money.proto', moneyProto('string'));
  const changed = await check(folder, file, '--root', folder);
  assert.match(changed.lines.join('\n'), /FIELD_TYPE_CHANGED at \/Order\/total\/cents/);
});

test('check: a .json file is found by its $id, and two may refer to each other', async (context) => {
  const { folder, path, write, commit } = repositoryOf(context);
  const draft = { $schema: 'http://json-schema.org/draft-07/schema#' };
  const tree = (limit: number) => ({
    ...{ ...draft, $id: 'http://shop.org/tree' },
    properties: { leaf: { $ref: 'leaf' }, depth: { maximum: limit, type: 'integer' } },
  });
  const leaf = {
    ...draft,
    $id: 'http://shop.org/leaf',
    anyOf: [{ type: 'null' }, { $ref: 'tree' }],
  };
  write('a.json', JSON.stringify(tree(9)));
  write('b.json', JSON.stringify(leaf));
  commit();
  assert.equal((await check(folder, folder)).code, 0);
  write('a.json', JSON.stringify(tree(5)));
  const { lines } = await check(folder, path('a.json'));
  assert.deepEqual(
    lines.filter((line) => line.startsWith('NO')),
    ['NO  a.json: BACKWARD with 1 earlier', 'NO  b.json: BACKWARD with 1 earlier'],
  );
});

test('diff: a difference is one of the schema, whichever file has it; texts that mean the same do not differ', async (context) => {
  const { path, write } = repositoryOf(context);
  write('old/order.avsc', order());
  write('old/money.avsc', money());
  write('new/order.avsc', JSON.stringify(JSON.parse(order()), undefined, 2));
  write('new/money.avsc', money(withDefault));
  const words = [path('old/order.avsc'), path('new/order.avsc')];
  const { code, stdout } = await run(['diff', ...words]);
  assert.equal(code, 1);
  assert.match(stdout, /^\+ \/fields\/total\/type\/fields\/currency: \{"name":"currency"/);
  write('new/money.avsc', money());
  assert.deepEqual(await run(['diff', ...words]), {
    code: 0,
    stdout: 'no difference\n',
    stderr: '',
  });

  // The same lines in another message.
  write('a.proto', proto('message A { int32 n = 1; } message B { }'));
  write('b.proto', proto('message A { } message B { int32 n = 1; }'));
  const moved = await run(['diff', path('a.proto'), path('b.proto')]);
  assert.equal(moved.code, 1);
  assert.match(moved.stdout, /^- \/messages\/A\/fields\/n: .*\n\+ \/messages\/B\/fields\/n: /);
  write('b.proto', `// A comment.\n${proto('message B { }\nmessage A { int32 n = 1; }')}`);
  assert.equal((await run(['diff', path('a.proto'), path('b.proto')])).code, 0);

  const long = (value: string) => `{"maximum":${value}}`;
  write('a.json', long('9007199254740993'));
  write('b.json', long('9007199254740992'));
  assert.equal((await run(['diff', path('a.json'), path('b.json')])).code, 1);
});

test('types and decode --schema read the other files too', async (context) => {
  const { path, write } = repositoryOf(context);
  write('order.avsc', order());
  write('types/money.avsc', money());
  const types = await run(['types', path('order.avsc')]);
  assert.match(types.stdout, /total: Money;\n\}\n\nexport interface Money \{\n {2}cents: /);
  const avro = ['decode', '--hex', '000000000108', '--schema', path('order.avsc')];
  assert.equal((await run(avro)).stdout, '{"total":{"cents":4}}\n');
  write('order.proto', orderProto);
  write('common/money.proto', moneyProto('int64'));
  const decoded = ['decode', '--hex', '0000000001000a020805', '--schema', path('order.proto')];
  assert.equal((await run(decoded)).stdout, '{"total":{"cents":5}}\n');
});
