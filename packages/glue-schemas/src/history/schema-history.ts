import type { SchemaText } from '@order-stream/serde';
import type { NamesOf } from '../definition-names.ts';
import { SchemaFileError } from '../read-file.ts';
import { type ReadKeys, readKeys, type TreeChange } from '../read-keys.ts';
import { withoutVersion } from '../schema-file.ts';
import type { TreeFile } from '../schema-reader/referred-files.ts';
import {
  createSchemaReader,
  type SchemaReader,
  type SchemaReaderOptions,
} from '../schema-reader/schema-reader.ts';
import type { CommitTree } from './commit-tree.ts';
import type { Commit } from './git-repository.ts';

/** A schema as a commit has it, `undefined` where the commit does not have the file. */
interface Reading {
  readonly schema: SchemaText | undefined;
  readonly keys: ReadKeys;
}

/** Trees that are kept: the parents of a commit are mostly among the last ones. */
const maxTrees = 8;

/**
 * The schemas of files in a history, the oldest first, by the path of the file. A schema is listed again where its text, or
 * a file that it refers to, is another one than in the parent commits, as `git log FILE` does for texts.
 *
 * @param commits each after its parents
 */
export async function schemasInHistory(
  files: readonly Omit<TreeFile, 'definition'>[],
  commits: readonly Commit[],
  treeOf: (commit: string) => CommitTree,
  options: SchemaReaderOptions & { readonly namesOf: NamesOf },
): Promise<ReadonlyMap<string, readonly SchemaText[]>> {
  const readings = new Map(files.map(({ path }) => [path, [] as Reading[]]));
  const states = new Map<number, { tree: CommitTree; read: SchemaReader }>();

  for (const [index, { parents }] of commits.entries()) {
    const changes = new Map<number, TreeChange>();
    for (const parent of parents)
      changes.set(
        parent,
        await changeOf(stateAt(parent).tree, stateAt(index).tree, options.namesOf),
      );
    for (const file of files) {
      const known = readings.get(file.path) ?? [];
      const same = parents.find((parent) => {
        const change = changes.get(parent);
        return change !== undefined && known[parent]?.keys.isTouchedBy(change) === false;
      });
      const before = same === undefined ? undefined : known[same];
      known[index] =
        before ??
        (await readAt(
          index,
          file,
          parents.map((parent) => known[parent]),
        ));
    }
  }
  return new Map([...readings].map(([path, known]) => [path, distinct(relevant(commits, known))]));

  function stateAt(index: number) {
    const known = states.get(index);
    if (known) return known;
    const tree = treeOf(commits[index]?.id ?? '');
    const state = { tree, read: createSchemaReader(tree, options) };
    if (states.size >= maxTrees) states.delete(states.keys().next().value ?? 0);
    states.set(index, state);
    return state;
  }

  async function readAt(
    index: number,
    file: Omit<TreeFile, 'definition'>,
    earlier: readonly (Reading | undefined)[],
  ): Promise<Reading> {
    const keys = readKeys();
    keys.addPath(file.path);
    const { tree, read } = stateAt(index);
    const definition = await tree.read(file.path);
    const schema =
      definition === undefined ? undefined : await readText({ ...file, definition }, read, keys);
    const same = earlier.find((one) => one && areSame(one.schema, schema));
    const alike = earlier.find((one) => one?.keys.isSameAs(keys));
    // A long history of many files has millions of readings: what equals that of a parent is kept once.
    return { schema: same ? same.schema : schema, keys: alike?.keys ?? keys };
  }
}

async function readText(file: TreeFile, read: SchemaReader, keys: ReadKeys): Promise<SchemaText> {
  try {
    const { definition, references } = await read(file, keys);
    return { definition, references };
  } catch (error) {
    if (!(error instanceof SchemaFileError)) throw error;
    // The comparison reports what the text lacks, if it compares with this version.
    return { definition: file.definition };
  }
}

/** The schemas of the commits that changed it; of the parents of a merge, only one that has the same schema counts. */
function relevant(
  commits: readonly Commit[],
  readings: readonly Reading[],
): readonly (SchemaText | undefined)[] {
  const included = new Set<number>();
  const visited = new Set<number>();
  const open = commits.length === 0 ? [] : [commits.length - 1];
  for (let index = open.pop(); index !== undefined; index = open.pop()) {
    if (visited.has(index)) continue;
    visited.add(index);
    const { parents = [] } = commits[index] ?? {};
    const schema = readings[index]?.schema;
    const same = parents.find((parent) => readings[parent]?.schema === schema);
    if (same === undefined) included.add(index);
    open.push(...(same === undefined ? parents : [same]));
  }
  return [...included].sort((a, b) => a - b).map((index) => readings[index]?.schema);
}

function distinct(schemas: readonly (SchemaText | undefined)[]): SchemaText[] {
  const found = schemas.filter((schema) => schema !== undefined);
  return found.filter((schema, i) => i === 0 || !areSame(found[i - 1], schema));
}

/** Whether two schemas have the same text and the same references. */
export function areSame(one: SchemaText | undefined, other: SchemaText | undefined): boolean {
  if (one === other) return true;
  if (one?.definition !== other?.definition || !one || !other) return false;
  const [some, others] = [one.references ?? [], other.references ?? []];
  return (
    some.length === others.length &&
    some.every(({ name, definition }, i) => {
      return name === others[i]?.name && definition === others[i]?.definition;
    })
  );
}

async function changeOf(
  before: CommitTree,
  after: CommitTree,
  namesOf: NamesOf,
): Promise<TreeChange> {
  const [was, is] = [await before.files(), await after.files()];
  const paths = new Set<string>();
  let hasLinks = false;
  for (const path of new Set([...was.keys(), ...is.keys()])) {
    const [one, other] = [was.get(path), is.get(path)];
    if (one?.id !== other?.id) paths.add(withoutVersion(path));
    // The target can change while the link does not.
    if (one?.kind === 'link' || other?.kind === 'link') hasLinks = true;
  }
  const names = new Set<string>();
  for (const tree of [before, after])
    for (const path of await tree.list()) {
      // Another version can become the newest one, so all versions of a changed file count.
      if (!/\.(avsc|json)$/.test(path) || !paths.has(withoutVersion(path))) continue;
      const text = (await tree.read(path)) ?? '';
      const found = path.endsWith('.avsc')
        ? [namesOf('AVRO', text)]
        : // A file without `$schema` has the draft of the schema that refers to it.
          (['04', '07'] as const).map((draft) => namesOf('JSON', text, draft));
      for (const { defined } of found) for (const name of defined) names.add(name);
    }
  return { paths, names, isUnknown: hasLinks };
}
