import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { repositoryOf, run } from '../testing/run-schemas.ts';

const record = (name: string, ...fields: object[]) =>
  JSON.stringify({ type: 'record', name, namespace: 'shop', fields });
const field = (name: string, type: unknown, more: object = {}) => ({ name, type, ...more });
const order = (...fields: object[]) => record('Order', field('id', 'long'), ...fields);
const required = field('currency', 'string');
const optional = (name: string) => field(name, 'string', { default: '' });
const ofAny = (type: string) => `syntax = "proto3"; message M { ${type} id = 1; }`;
const object = (type: string) => JSON.stringify({ type: 'object', properties: { id: { type } } });

/** A repository with commits of one file each, and `check` of its folder. */
function historyOf(context: TestContext, name: string, ...texts: string[]) {
  const repository = repositoryOf(context);
  for (const text of texts) {
    repository.write(name, text);
    repository.commit();
  }
  return {
    ...repository,
    async check(now: string, ...flags: string[]) {
      repository.write(name, now);
      const { code, stdout, stderr } = await run(['check', repository.folder, ...flags]);
      assert.equal(stderr, '');
      return { code, lines: stdout.trimEnd().replaceAll(`${repository.folder}/`, '').split('\n') };
    },
  };
}

for (const [name, damaged, usable, breaking] of [
  ['a.avsc', '{"type":"record"', order(), order(required)],
  ['a.avsc', '', order(), order(required)],
  ['a.json', object('strng'), object('string'), object('boolean')],
  ['a.json', '{"pattern":"("}', '{"pattern":"a"}', '{"pattern":"b"}'],
  ['a.json', '{"type":', object('string'), object('boolean')],
  ['a.proto', 'message {', ofAny('int32'), ofAny('string')],
  ['a.proto', 'message A { B b = 1; }', ofAny('int32'), ofAny('string')],
] as const) {
  const shown = `${name} ${damaged.slice(0, 20)}`;
  const note = (label: string) =>
    new RegExp(`^  note: ${label} is not compared, because it is not a schema: .+`);

  test(`check: a text in the base that is not a schema does not fail the change that mends it (${shown})`, async (context) => {
    const { check } = historyOf(context, name, damaged);
    for (const flags of [[], ['--base', 'HEAD'], ['--mode', 'FULL_ALL'], ['--mode', 'DISABLED']]) {
      const { code, lines } = await check(usable, ...flags);
      assert.deepEqual([code, lines[0]], [0, `ok  ${name}: the first version`]);
      assert.match(lines[1] ?? '', note('HEAD, text 1 of 1'));
    }
  });

  test(`check: a mended file is compared with the last text that was a schema (${shown})`, async (context) => {
    const { check } = historyOf(context, name, usable, damaged);
    const mended = await check(usable);
    assert.deepEqual([mended.code, mended.lines[0]], [0, `ok  ${name}: BACKWARD with 1 earlier`]);
    assert.match(mended.lines[1] ?? '', note('HEAD, text 2 of 2'));
    const { code, lines } = await check(breaking);
    assert.deepEqual([code, lines[0]], [1, `NO  ${name}: BACKWARD with 1 earlier`]);
    assert.match(lines[1] ?? '', /\(against HEAD, text 1 of 2\)$/);
    const all = await check(breaking, '--mode', 'BACKWARD_ALL');
    assert.deepEqual(all.lines, lines.with(0, `NO  ${name}: BACKWARD_ALL with 1 earlier`));
    // A text that is still not a schema is its own problem.
    const still = await check(damaged, '--base', 'HEAD');
    assert.equal(still.code, 1);
    assert.match(still.lines.join('\n'), /^NO .*\n {2}INVALID_SCHEMA: [^\n]+$/);
  });
}

test('check: lower numbers that are not schemas are left out', async (context) => {
  const { check, write } = historyOf(context, 'o.v2.avsc', 'no schema');
  write('o.v1.avsc', order());
  write('o.v3.avsc', order(required));
  const { lines } = await check('no schema');
  assert.deepEqual(
    lines.filter((line) => !/^ {2}INVALID_SCHEMA/.test(line)).map((line) => line.slice(0, 56)),
    [
      'ok  o.v1.avsc: the first version',
      'NO  o.v2.avsc: BACKWARD with 1 earlier',
      'NO  o.v3.avsc: BACKWARD with 1 earlier',
      '  READER_FIELD_MISSING_DEFAULT_VALUE at /fields/1: currency (against o.v1.avsc)'.slice(
        0,
        56,
      ),
      '  note: o.v2.avsc is not compared, because it is not a schema'.slice(0, 56),
    ],
  );
});

test('check: a released number that is not a schema may be mended, to its last usable text', async (context) => {
  const fresh = historyOf(context, 'o.v1.avsc', 'no schema');
  const accepted = await fresh.check(order(), '--base', 'HEAD');
  assert.deepEqual([accepted.code, accepted.lines[0]], [0, 'ok  o.v1.avsc: the first version']);
  assert.match(
    accepted.lines[1] ?? '',
    /^ {2}note: the edit is accepted, because the text in HEAD/,
  );
  assert.match((await fresh.check('still none')).lines.join('\n'), /^NO .*\n {2}INVALID[^\n]+$/);

  const damaged = historyOf(context, 'o.v1.avsc', order(), 'no schema');
  assert.equal((await damaged.check(order())).code, 0);
  const other = await damaged.check(order(optional('note')));
  assert.equal(other.code, 1);
  assert.match(other.lines[1] ?? '', /EDITED_AFTER_RELEASE: .* restore the last text in HEAD/);
});

test('check: a file of the base that is not UTF-8 is not a schema, and may be mended', async (context) => {
  for (const [name, text, other] of [
    ['o.v1.avsc', '{"type":"int","doc":"\xe9"}', '{"type":"string"}'],
    ['o.v1.json', '{"type":"string","title":"\xe9"}', '{"type":"boolean"}'],
    ['o.v1.proto', 'syntax = "proto3"; // \xe9', 'syntax = "proto3"; message M {}'],
    ['o.json', '{"type":"string","title":"\xe9"}', '{"type":"boolean"}'],
  ] as const) {
    const { check, path, commit } = historyOf(context, name);
    writeFileSync(path(name), Buffer.from(text, 'latin1'));
    commit();
    for (const mended of [text, other]) {
      const { code, lines } = await check(mended);
      assert.deepEqual([code, lines[0]], [0, `ok  ${name}: the first version`], lines.join('\n'));
      assert.match(lines[1] ?? '', /^ {2}note: .*is not a schema: /);
    }
  }
});

test('check: a released number is not open to edits because another file is damaged in the base', async (context) => {
  const uses = (...more: object[]) => record('Order', field('total', 'shop.Money'), ...more);
  const { check, write } = historyOf(context, 'o.v1.avsc', uses());
  write('money.avsc', record('Money'));
  // The base has no money.avsc: only with it, the released text is a schema.
  const { code, lines } = await check(uses(optional('note')));
  assert.equal(code, 1);
  assert.match(lines.join('\n'), /NO {2}o\.v1\.avsc.*\n {2}EDITED_AFTER_RELEASE: .*: add a new/);
});

test('check: a file that --against names must be a schema, and the problem names it', async (context) => {
  const { folder, path, write } = repositoryOf(context);
  write('good.avsc', order());
  write('bad.avsc', '{');
  const { code, stdout } = await run([
    'check',
    path('good.avsc'),
    ...['--against', path('good.avsc'), '--against', path('bad.avsc')],
  ]);
  assert.equal(code, 1);
  assert.match(
    stdout.replaceAll(`${folder}/`, ''),
    /^NO {2}good\.avsc: BACKWARD with 2 earlier\n {2}INVALID_SCHEMA: .+ \(against bad\.avsc\)\n$/,
  );
});
