import { dirname, join, relative } from 'node:path';
import type { SchemaText } from '@order-stream/serde';
import type { CompatibilityMode } from '@order-stream/serde/compatibility';
import type { EarlierVersion, Problem } from './compatibility-check.ts';
import { type FileTree, withSlashes, workingTree } from './file-tree.ts';
import { type GitHistory, gitHistory } from './git-history.ts';
import { SchemaFileError, textOf } from './read-file.ts';
import { type SchemaFile, schemaFile, schemaFiles } from './schema-file.ts';
import { createSchemaReader, outerNames, type SchemaReader } from './schema-reader.ts';
import type { Sources } from './schema-sources.ts';
import { type Verdict, verdictOf } from './verdict.ts';

/** The files of one folder, now and as the base has them. */
interface Comparison {
  readonly history: GitHistory;
  readonly root: string;
  readonly named: ReadonlyMap<string, string>;
  readonly readNow: SchemaReader;
  readonly readBase: SchemaReader;
}

/** Compares files with lower numbers and with the history of a commit. */
export async function checkHistory(
  files: readonly SchemaFile[],
  mode: CompatibilityMode | undefined,
  base: string,
  sources: Sources,
): Promise<Verdict[]> {
  const verdicts: Verdict[] = [];
  for (const [folder, asked] of Map.groupBy(files, ({ path }) => dirname(path))) {
    const history = await gitHistory(base, folder);
    const root = sources.rootOf(join(folder, 'a'));
    const named = sources.namedFrom(root);
    const readNow = createSchemaReader(workingTree(root), named);
    const readBase = createSchemaReader(history.treeOf(root), named);
    const comparison = { history, root, named, readNow, readBase };
    const checked = [...asked, ...(await dependants(folder, asked, comparison))];
    for (const file of checked) {
      const numbered = file.version !== undefined;
      const verdict = await verdictOf(file, mode, async () => [
        await readNow(inRoot(file, root)),
        numbered ? await earlierNumbers(file, comparison) : await earlierTexts(file, comparison),
      ]);
      if (numbered) verdict.problems.unshift(...(await editAfterRelease(file, history)));
      verdicts.push(verdict);
    }
    verdicts.push(...(await removals(folder, checked, history)));
  }
  return verdicts;
}

function inRoot({ path, dataFormat }: SchemaFile, root: string, definition = textOf(path)) {
  return { path: withSlashes(relative(root, path)), dataFormat, definition };
}

/** The other files of the folder that refer to the checked ones: a change there changes what these mean. */
async function dependants(
  folder: string,
  checked: readonly SchemaFile[],
  { root, readNow }: Comparison,
): Promise<SchemaFile[]> {
  const paths = new Set(checked.map((file) => withSlashes(relative(root, file.path))));
  const found: SchemaFile[] = [];
  for (const file of schemaFiles([folder])) {
    if (paths.has(withSlashes(relative(root, file.path))) || !isNewest(file)) continue;
    try {
      const { files } = await readNow(inRoot(file, root));
      if ([...files].some((path) => paths.has(path))) found.push(file);
    } catch (error) {
      // A file that was not asked for and cannot be read refers to nothing.
      if (!(error instanceof SchemaFileError)) throw error;
    }
  }
  return found;
}

/** The files of the same name in the same folder. */
function versionsOf(file: SchemaFile): SchemaFile[] {
  return schemaFiles([dirname(file.path)]).filter(
    ({ name, version, dataFormat }) =>
      version !== undefined && name === file.name && dataFormat === file.dataFormat,
  );
}

function isNewest(file: SchemaFile): boolean {
  if (file.version === undefined) return true;
  return versionsOf(file).every(({ version = 0 }) => version <= (file.version ?? 0));
}

/**
 * The lower numbers, with the other files as the base has them. The newest number itself comes last if these files have
 * changed since.
 */
async function earlierNumbers(file: SchemaFile, comparison: Comparison): Promise<EarlierVersion[]> {
  const { root, history, readNow, readBase } = comparison;
  const earlier: EarlierVersion[] = [];
  for (const lower of versionsOf(file)) {
    if ((lower.version ?? 0) >= (file.version ?? 0)) continue;
    const isReleased =
      outerNames(lower.dataFormat, textOf(lower.path)).length > 0 &&
      (await history.textOf(lower.path)) !== undefined;
    const read = isReleased ? readBase : readNow;
    earlier.push({ label: lower.path, ...(await read(inRoot(lower, root))) });
  }
  const released = isNewest(file) ? await history.textOf(file.path) : undefined;
  if (released === undefined || outerNames(file.dataFormat, released).length === 0) return earlier;
  const before = await readBase(inRoot(file, root, released));
  const now = await readNow(inRoot(file, root));
  if (haveSameReferences(before, now)) return earlier;
  return [...earlier, { label: `${file.path} in ${history.base}`, ...before }];
}

/** The file's texts in the history, and the same text again where a file changed that it refers to. */
async function earlierTexts(file: SchemaFile, comparison: Comparison): Promise<EarlierVersion[]> {
  const { root, history, readNow } = comparison;
  const texts = await history.textsOf(file.path);
  const now = await readNow(inRoot(file, root));
  const alone = [now.definition, ...texts].every(
    (text) => outerNames(file.dataFormat, text).length === 0,
  );
  const schemas: SchemaText[] = alone
    ? texts.map((definition) => ({ definition }))
    : await schemasInHistory(file, comparison);
  const last = schemas.at(-1);
  // The file is as committed: its last edit is the one to check.
  if (last?.definition === now.definition && haveSameReferences(last, now)) schemas.pop();
  return schemas.map((schema, i) => ({
    label: `${history.base}, text ${i + 1} of ${schemas.length}`,
    ...schema,
  }));
}

async function schemasInHistory(
  file: SchemaFile,
  { root, named, history }: Comparison,
): Promise<SchemaText[]> {
  const { path } = inRoot(file, root, '');
  const schemas: SchemaText[] = [];
  for (const tree of await history.treesOf(root, named.values())) {
    const definition = await tree.read(path);
    if (definition === undefined) continue;
    const schema = await readAt(tree, named, inRoot(file, root, definition));
    const last = schemas.at(-1);
    if (last?.definition !== definition || !haveSameReferences(last, schema)) schemas.push(schema);
  }
  return schemas;
}

async function readAt(
  tree: FileTree,
  named: ReadonlyMap<string, string>,
  file: ReturnType<typeof inRoot>,
): Promise<SchemaText> {
  try {
    return await createSchemaReader(tree, named)(file);
  } catch (error) {
    if (!(error instanceof SchemaFileError)) throw error;
    // The comparison reports what the text lacks, if it compares with this version.
    return { definition: file.definition };
  }
}

function haveSameReferences(one: SchemaText, other: SchemaText): boolean {
  const textsOf = ({ references = [] }: SchemaText) =>
    JSON.stringify(references.map(({ name, definition }) => [name, definition]));
  return textsOf(one) === textsOf(other);
}

async function editAfterRelease(file: SchemaFile, history: GitHistory): Promise<Problem[]> {
  const released = await history.textOf(file.path);
  if (released === undefined || released === textOf(file.path)) return [];
  const message =
    'the file is released and records may have been written with it: add a new version instead';
  return [{ type: 'EDITED_AFTER_RELEASE', message, against: history.base }];
}

/** Removed numbered files, only of the names that are checked: the folder may hold others. */
async function removals(
  folder: string,
  files: readonly SchemaFile[],
  history: GitHistory,
): Promise<Verdict[]> {
  const against = history.base;
  const names = new Set(files.map(({ name }) => name));
  const present = new Set(schemaFiles([folder]).map(({ path }) => path));
  const message = 'the file is released and records may have been written with it: restore it';
  return (await history.namesIn(folder))
    .filter((name) => /\.v\d+\.(avsc|json|proto)$/.test(name))
    .map((name) => schemaFile(join(folder, name)))
    .filter(({ name, path }) => names.has(name) && !present.has(path))
    .map(({ path }) => ({
      file: path,
      mode: 'NONE',
      against: [against],
      problems: [{ type: 'REMOVED_AFTER_RELEASE', message, against }],
      warnings: [],
    }));
}
