import assert from 'node:assert/strict';
import { test } from 'node:test';
import { jsonNames } from './json-names.ts';
import { repositoryOf, run } from './testing/run-schemas.ts';

const of = (draft: string) => ({ $schema: `http://json-schema.org/draft-${draft}/schema#` });

test('the id of a JSON Schema is `id` in draft 04 and `$id` in later ones', () => {
  const ids = { id: 'http://s/old', $id: 'http://s/new#' };
  const idOf = (schema: object, unnamed: '04' | '07') =>
    jsonNames(JSON.stringify(schema), unnamed).id;
  assert.deepEqual(
    [idOf(ids, '04'), idOf(ids, '07'), idOf({ ...ids, ...of('04') }, '07')],
    ['http://s/old', 'http://s/new', 'http://s/old'],
  );
  assert.equal(idOf({ ...ids, ...of('06') }, '04'), 'http://s/new');
  assert.equal(idOf({ $id: 5 }, '07'), undefined);
  assert.deepEqual(jsonNames('{', '04'), { id: undefined, documents: [], draft: '04' });
});

test('check: a file is found by the id of the draft that applies to it, and no other', async (context) => {
  const { path, write } = repositoryOf(context);
  const found = async (root: object, other: object, ...flags: string[]) => {
    write(
      'root.json',
      JSON.stringify({ ...root, items: { $ref: 'http://s/other#/definitions/x' } }),
    );
    write('other.json', JSON.stringify({ ...other, definitions: { x: { type: 'string' } } }));
    const file = path('root.json');
    return (await run(['check', file, '--against', file, ...flags])).code === 0;
  };
  const [id, $id] = [{ id: 'http://s/other' }, { $id: 'http://s/other' }];
  assert.equal(await found({}, id), true);
  assert.equal(await found({}, $id), false);
  assert.equal(await found({}, $id, '--frame', 'confluent'), true);
  assert.equal(await found({}, id, '--frame', 'confluent'), false);
  assert.equal(await found({}, { ...$id, ...of('07') }), true);
  // Without `$schema`, a file has the draft of the schema that refers to it.
  assert.equal(await found(of('07'), $id), true);
  assert.equal(await found(of('07'), id), false);
  assert.equal(await found(of('07'), { ...id, ...of('04') }), true);
});
