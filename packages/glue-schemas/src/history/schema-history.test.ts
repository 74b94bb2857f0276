import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import fc from 'fast-check';
import { createNamesOf } from '../definition-names.ts';
import { SchemaFileError } from '../read-file.ts';
import { schemaFile } from '../schema-file.ts';
import { createSchemaReader } from '../schema-reader/schema-reader.ts';
import { folderOf } from '../testing/run-schemas.ts';
import { type CommitTree, createCommitTrees } from './commit-tree.ts';
import { openRepository } from './git-repository.ts';
import { areSame, schemasInHistory } from './schema-history.ts';

/** The texts of the files that a commit writes, `null` for a file that it deletes. */
type Edits = Readonly<Record<string, string | null>>;

/** A repository with these commits, each the child of the one before, made by one process. */
function repositoryWith(folder: string, commits: readonly Edits[]): void {
  execFileSync('git', ['init', '--quiet', '--initial-branch=main'], { cwd: folder });
  const lines = commits.flatMap((edits, i) => [
    `commit refs/heads/main\ncommitter t <t@example.org> ${1_700_000_000 + i} +0000\ndata 1\nc\n`,
    ...Object.entries(edits).map(([path, text]) => {
      if (text === null) return `D ${path}\n`;
      return `M 644 inline ${path}\ndata ${Buffer.byteLength(text)}\n${text}\n`;
    }),
  ]);
  execFileSync('git', ['fast-import', '--quiet'], { cwd: folder, input: lines.join('') });
}

async function historyOf(
  folder: string,
  paths: readonly string[],
  options: { root?: string; onRead?: (commit: string, path: string) => void } = {},
) {
  const { root = '', onRead = () => undefined } = options;
  const repository = await openRepository('HEAD', folder);
  try {
    const trees = createCommitTrees(repository.objects);
    const treeOf = (commit: string): CommitTree => {
      const tree = trees.treeOf(commit, root);
      return {
        ...tree,
        read(path) {
          onRead(commit, path);
          return tree.read(path);
        },
      };
    };
    const files = paths.map((path) => ({ path, dataFormat: schemaFile(path).dataFormat }));
    const commits = await repository.commitsOf(root, []);
    const namesOf = createNamesOf();
    const found = await schemasInHistory(files, commits, treeOf, { namesOf, nearestFirst: true });
    // Every commit is read, as if any change concerned every file.
    const plain = new Map<string, unknown[]>();
    for (const file of files) {
      const schemas = [];
      for (const { id } of commits) {
        const tree = trees.treeOf(id, root);
        const definition = await tree.read(file.path);
        if (definition === undefined) continue;
        const read = createSchemaReader(tree, { nearestFirst: true });
        const schema = await read({ ...file, definition }).catch((error) => {
          assert.ok(error instanceof SchemaFileError);
          return { definition };
        });
        if (schemas.length === 0 || !areSame(schemas.at(-1), schema)) schemas.push(schema);
      }
      plain.set(
        file.path,
        schemas.map(({ definition, ...more }) => ({
          definition,
          ...('references' in more && { references: more.references }),
        })),
      );
    }
    return { found, plain };
  } finally {
    await repository.close();
  }
}

const avro = (defined: string, used: readonly string[]) =>
  JSON.stringify({
    ...{ type: 'record', name: defined, namespace: 's' },
    fields: used.map((type, i) => ({ name: `f${i}`, type: `s.${type}` })),
  });
const json = (id: string | undefined, used: readonly string[]) =>
  JSON.stringify({ id, allOf: used.map(($ref) => ({ $ref })) });
const proto = (used: readonly string[]) => used.map((path) => `import "${path}";`).join('');

const name = fc.constantFrom('A', 'B', 'C');
const folder = fc.constantFrom('', 'd/');
const number = fc.constantFrom('', '.v1', '.v2');
const uses = (values: fc.Arbitrary<string>) => fc.array(values, { maxLength: 2 });
const edit = fc.oneof(
  fc.record({
    path: fc.tuple(folder, name, number).map(([at, one, v]) => `${at}${one}${v}.avsc`),
    text: fc.option(fc.tuple(name, uses(name)).map((words) => avro(...words))),
  }),
  fc.record({
    path: fc.tuple(folder, name, number).map(([at, one, v]) => `${at}${one}${v}.json`),
    text: fc.option(
      fc
        .tuple(
          fc.option(
            name.map((one) => `http://s/${one}`),
            { nil: undefined },
          ),
          uses(fc.constantFrom('A.json', 'd/B.json', '../C.json', 'http://s/A', 'B')),
        )
        .map((words) => json(...words)),
    ),
  }),
  fc.record({
    path: fc.tuple(folder, name, number).map(([at, one, v]) => `${at}${one}${v}.proto`),
    text: fc.option(uses(fc.constantFrom('A.proto', 'd/B.proto', 'C.proto')).map(proto)),
  }),
);

test('schemasInHistory: commits that are skipped would have given the same schemas', async (context) => {
  const commit = fc
    .array(edit, { minLength: 1, maxLength: 3 })
    .map((edits): Edits => Object.fromEntries(edits.map(({ path, text }) => [path, text])));
  const commits = fc.array(commit, { minLength: 2, maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(commits, async (drawn) => {
      const at = folderOf(context);
      const present = new Set<string>();
      const edits = drawn.map((one) => {
        const kept = Object.entries(one).filter(
          ([path, text]) => text !== null || present.has(path),
        );
        for (const [path, text] of kept) text === null ? present.delete(path) : present.add(path);
        return Object.fromEntries(kept);
      });
      repositoryWith(at, edits);
      const paths = [...new Set(edits.flatMap((one) => Object.keys(one)))];
      const { found, plain } = await historyOf(at, paths);
      assert.deepEqual(found, plain);
    }),
    { numRuns: 12 },
  );
});

test('schemasInHistory: a commit that changes nothing of a schema reads nothing of it', async (context) => {
  const at = folderOf(context);
  const commits = Array.from({ length: 30 }, (_, i): Edits => {
    return i === 0
      ? { 'a.avsc': avro('A', ['B']), 'b.avsc': avro('B', []) }
      : { 'other.avsc': avro(`Other${i}`, []) };
  });
  repositoryWith(at, commits);
  let reads = 0;
  const onRead = (_: string, path: string) => {
    if (path === 'a.avsc') reads += 1;
  };
  const { found } = await historyOf(at, ['a.avsc'], { onRead });
  assert.equal(found.get('a.avsc')?.length, 1);
  assert.ok(reads <= 3, `${reads} reads`);
});

test('schemasInHistory: of merged branches, the one with another schema counts, as for git log', async (context) => {
  const at = folderOf(context);
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.org', ...args], {
      cwd: at,
      stdio: 'pipe',
    });
  repositoryWith(at, [{ 'a.avsc': avro('A', []), 'b.avsc': avro('B', []) }]);
  const commit = (branch: string, parent: string, path: string, text: string) => {
    const input = `commit refs/heads/${branch}\ncommitter t <t@example.org> 1700000500 +0000\ndata 1\nc\nfrom ${parent}\nM 644 inline ${path}\ndata ${text.length}\n${text}\n`;
    execFileSync('git', ['fast-import', '--quiet'], { cwd: at, input });
  };
  commit('one', 'main', 'a.avsc', avro('A', ['B']));
  commit('two', 'main', 'other.avsc', avro('C', []));
  git('reset', '--hard', '--quiet', 'main');
  git('merge', '--no-ff', '--quiet', '-m', 'm', 'one');
  git('merge', '--no-ff', '--quiet', '-m', 'm', 'two');
  const { found } = await historyOf(at, ['a.avsc']);
  assert.deepEqual(
    found.get('a.avsc')?.map(({ references }) => references?.length),
    [0, 1],
  );
});

test('commit trees: symbolic links are followed, and their targets may change', async (context) => {
  const at = folderOf(context);
  execFileSync('git', ['init', '--quiet', '--initial-branch=main'], { cwd: at });
  const input = [
    ['120000', 'schemas/b.avsc', '../shared/b.avsc'],
    ['120000', 'schemas/circle.avsc', 'circle.avsc'],
    ['120000', 'schemas/out.avsc', '../../out.avsc'],
    ['644', 'schemas/a.avsc', avro('A', ['B'])],
    ['644', 'shared/b.avsc', avro('B', [])],
  ].map(([mode, path, text = '']) => `M ${mode} inline ${path}\ndata ${text.length}\n${text}\n`);
  const head = 'commit refs/heads/main\ncommitter t <t@example.org> 1700000000 +0000\ndata 1\nc\n';
  const changed = avro('B', ['X']);
  const next = `${head}M 644 inline shared/b.avsc\ndata ${changed.length}\n${changed}\n`;
  execFileSync('git', ['fast-import', '--quiet'], { cwd: at, input: head + input.join('') + next });
  const { found } = await historyOf(at, ['a.avsc', 'circle.avsc', 'out.avsc'], { root: 'schemas' });
  assert.deepEqual(
    found.get('a.avsc')?.map(({ references = [] }) => references[0]?.definition),
    [avro('B', []), changed],
  );
  assert.deepEqual([found.get('circle.avsc'), found.get('out.avsc')], [[], []]);
});
