import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FileTree } from '../file-tree.ts';
import { createSchemaReader } from './schema-reader.ts';

/** A tree of these files that counts how often it is listed. */
function treeOf(files: Readonly<Record<string, string>>) {
  const calls = { list: 0 };
  const tree: FileTree = {
    read: async (path) => files[path],
    list: async () => {
      calls.list += 1;
      return Object.keys(files);
    },
  };
  return { tree, calls };
}

test('a tree is listed once, however many files import a path that only a version has', async () => {
  const { tree, calls } = treeOf({
    'money.v1.proto': 'message Money {}',
    'money.v10.proto': 'message Money { int64 cents = 1; }',
    'money.v9.proto': 'message Money {}',
    'other.v11.proto': 'message Other {}',
  });
  const read = createSchemaReader(tree, { nearestFirst: true });
  for (let i = 0; i < 20; i += 1) {
    const definition = `import "money.proto"; message Order${i} { Money total = 1; }`;
    const { files } = await read({ path: `a/b/o${i}.proto`, dataFormat: 'PROTOBUF', definition });
    assert.deepEqual([...files], ['money.v10.proto']);
  }
  assert.equal(calls.list, 1);
});
