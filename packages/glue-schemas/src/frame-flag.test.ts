import assert from 'node:assert/strict';
import { test } from 'node:test';
import { repositoryOf, run } from './testing/run-schemas.ts';

const proto = (type: string) =>
  `syntax = "proto3"; import "confluent/type/decimal.proto"; message A { ${type} price = 1; }`;
const decimal = 'confluent.type.Decimal';

test('check, diff: a .proto file imports the files that the Java library of its registry brings along', async (context) => {
  const { folder, path, write, commit } = repositoryOf(context);
  write('a.proto', proto(decimal));
  write('b.proto', proto('string'));
  write('c.v1.proto', `// Another text.\n${proto(decimal)}`);
  commit();
  const [a, b, c] = ['a.proto', 'b.proto', 'c.v1.proto'].map(path) as [string, string, string];
  for (const [flags, env] of [
    [[], { SCHEMA_REGISTRY: 'confluent' }],
    [['--frame', 'confluent'], {}],
    [['--frame', 'confluent'], { SCHEMA_REGISTRY: 'glue' }],
  ] as const) {
    const checked = await run(['check', folder, ...flags], env);
    assert.equal(checked.code, 0, checked.stdout);
    const changed = await run(['check', b, '--against', a, ...flags], env);
    assert.match(changed.stdout, /FIELD_TYPE_CHANGED/);
    assert.equal((await run(['diff', a, c, ...flags], env)).stdout, 'no difference\n');
    assert.equal((await run(['diff', a, b, ...flags], env)).code, 1);
  }
  for (const [flags, env] of [
    [[], {}],
    [['--frame', 'glue'], { SCHEMA_REGISTRY: 'confluent' }],
  ] as const) {
    assert.match((await run(['check', a, ...flags], env)).stdout, /INVALID_SCHEMA: .*decimal/);
    assert.equal((await run(['diff', a, b, ...flags], env)).code, 2);
  }
});

test('check: a .json file without $schema has the draft of the registry', async (context) => {
  const { path, write } = repositoryOf(context);
  const tree = { $id: 'http://s/tree.json', anyOf: [{ type: 'null' }, { $ref: 'leaf.json' }] };
  write('a.json', JSON.stringify(tree));
  write('b.json', JSON.stringify({ $id: 'http://s/leaf.json', type: 'string' }));
  const checked = ['check', path('a.json'), '--against', path('a.json')];
  assert.equal((await run([...checked, '--frame', 'confluent'])).code, 0);
  const { code, stdout } = await run([...checked, '--frame', 'glue']);
  assert.deepEqual([code, /INVALID_SCHEMA/.test(stdout)], [1, true]);
});

test('--frame and SCHEMA_REGISTRY: another value is refused', async (context) => {
  const { path, write } = repositoryOf(context);
  write('a.avsc', '"int"');
  for (const command of [['check'], ['diff', path('a.avsc')]]) {
    const words = [...command, path('a.avsc')];
    const flag = await run([...words, '--frame', 'kafka']);
    assert.deepEqual([flag.code, flag.stdout], [2, '']);
    assert.match(flag.stderr, /--frame must be glue or confluent/);
    const variable = await run(words, { SCHEMA_REGISTRY: 'kafka' });
    assert.deepEqual([variable.code, variable.stdout], [78, '']);
  }
});
