import { realpathSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import type { SchemaText } from '@order-stream/serde';
import type { CompatibilityMode } from '@order-stream/serde/compatibility';
import type { AskedFiles } from './asked-files.ts';
import type { EarlierVersion, Problem } from './compatibility-check.ts';
import { createNamesOf, type NamesOf, namesIn } from './definition-names.ts';
import { type FileTree, withSlashes, workingTree } from './file-tree.ts';
import { type CommitTree, createCommitTrees } from './history/commit-tree.ts';
import { type GitRepository, openRepository, repositoryKey } from './history/git-repository.ts';
import { areSame, schemasInHistory } from './history/schema-history.ts';
import { createJsonSchemaFiles } from './json-schema-files.ts';
import { SchemaFileError, textOf } from './read-file.ts';
import { removedFiles } from './removed-files.ts';
import { inOrder, isSchemaPath, type SchemaFile, siblingFiles } from './schema-file.ts';
import { createSchemaReader, type SchemaReader } from './schema-reader.ts';
import type { Sources } from './schema-sources.ts';
import { type Verdict, verdictOf } from './verdict.ts';

/** What `check` compares with the history of a commit. */
export interface HistoryCheck {
  readonly mode: CompatibilityMode | undefined;
  /** A commit, such as `origin/main`: files that are as it has them are accepted. Default `HEAD`, whose last edits count. */
  readonly base: string | undefined;
  readonly sources: Sources;
  /** Paths of files that were removed on purpose. */
  readonly removed: readonly string[];
}

/** The files of one root, now and as the base has them. */
interface Comparison {
  readonly repository: GitRepository;
  readonly root: string;
  readonly now: FileTree;
  readonly base: CommitTree;
  readonly readNow: SchemaReader;
  readonly readBase: SchemaReader;
  readonly siblings: (folder: string) => readonly SchemaFile[];
  /** Whether a file that is as in the base is compared with that text only. */
  readonly acceptsBase: boolean;
}

/** Compares files with lower numbers and with the history of a commit. */
export async function checkHistory(
  asked: readonly AskedFiles[],
  check: HistoryCheck,
): Promise<{ verdicts: Verdict[]; skipped: string[] }> {
  const repositories = new Map<string, Promise<GitRepository>>();
  const namesOf = createNamesOf();
  const verdicts: Verdict[] = [];
  const skipped: string[] = [];
  try {
    for (const group of asked.flatMap(byRepository)) {
      const folder = group.folders[0] ?? dirname(group.files[0]?.path ?? '');
      const key = repositoryKey(folder);
      const repository = repositories.get(key) ?? openRepository(check.base ?? 'HEAD', folder);
      repositories.set(key, repository);
      const result = await checkGroup(group, await repository, check, namesOf);
      verdicts.push(...result.verdicts);
      skipped.push(...result.skipped);
    }
  } finally {
    // Whoever awaited the repository has reported why there is none.
    for (const repository of repositories.values())
      await repository.then((opened) => opened.close()).catch(() => undefined);
  }
  return { verdicts, skipped };
}

/** With `--root`, files of several repositories can have one root. */
function byRepository({ root, files, folders }: AskedFiles): AskedFiles[] {
  const keys = new Set([
    ...files.map(({ path }) => repositoryKey(dirname(path))),
    ...folders.map(repositoryKey),
  ]);
  return [...keys].map((key) => ({
    root,
    files: files.filter(({ path }) => repositoryKey(dirname(path)) === key),
    folders: folders.filter((folder) => repositoryKey(folder) === key),
  }));
}

async function checkGroup(
  group: AskedFiles,
  repository: GitRepository,
  { mode, base: chosen, sources, removed }: HistoryCheck,
  namesOf: NamesOf,
): Promise<{ verdicts: Verdict[]; skipped: string[] }> {
  const { root, folders } = group;
  const rootPath = repository.pathOf(root);
  const trees = createCommitTrees(repository.objects);
  const treeOf = (commit: string) => trees.treeOf(commit, rootPath);
  const options = { ...sources.readerOptions(root), namesOf };
  const [now, base] = [workingTree(root), treeOf(repository.commit)];
  const comparison: Comparison = {
    ...{ repository, root, now, base },
    readNow: createSchemaReader(now, options),
    readBase: createSchemaReader(base, options),
    siblings: createSiblings(),
    acceptsBase: chosen !== undefined,
  };
  const [files, skipped] = await withoutOtherJson(group, comparison);
  const checked = [...files, ...(await dependants(files, comparison))];
  const unnumbered = checked
    .filter(({ version }) => version === undefined)
    .map(({ path, dataFormat }) => ({ path: pathIn(root, path), dataFormat }));
  const elsewhere = [...(options.named?.values() ?? []), ...unnumbered.map(({ path }) => path)];
  const commits =
    unnumbered.length === 0
      ? []
      : await repository.commitsOf(rootPath, elsewhere.filter(isOutside));
  const histories = await schemasInHistory(unnumbered, commits, treeOf, options);

  const verdicts: Verdict[] = [];
  for (const file of checked) {
    const numbered = file.version !== undefined;
    const verdict = await verdictOf(file, { mode, framing: sources.framing }, async () => {
      const schema = await comparison.readNow(inRoot(file, root));
      const texts = histories.get(pathIn(root, file.path)) ?? [];
      const earlier = numbered
        ? await earlierNumbers(file, schema, comparison)
        : await earlierTexts(file, schema, texts, comparison);
      return [schema, earlier];
    });
    if (numbered) verdict.problems.unshift(...(await editAfterRelease(file, comparison)));
    verdicts.push(verdict);
  }
  const releasedIn = (folder: string) => trees.treeOf(repository.commit, repository.pathOf(folder));
  verdicts.push(
    ...(await removedFiles(checked, folders, { base: repository.base, releasedIn, removed })),
  );
  return { verdicts, skipped };
}

/** The files of a folder that are not schemas now, and were none in the base, are not checked. */
async function withoutOtherJson(
  { root, files, folders }: AskedFiles,
  { now, base }: Comparison,
): Promise<[files: SchemaFile[], skipped: string[]]> {
  const isSchemaAt = createJsonSchemaFiles([now, base]);
  const checked: SchemaFile[] = [];
  const skipped: string[] = [];
  for (const file of files) {
    const isOfFolder = folders.some(
      (folder) => !isOutside(pathIn(realpathSync(folder), file.path)),
    );
    const isSchema =
      file.dataFormat !== 'JSON' || !isOfFolder || (await isSchemaAt(pathIn(root, file.path)));
    if (isSchema) checked.push(file);
    else skipped.push(file.path);
  }
  return [checked, skipped];
}

function readable(path: string): string | undefined {
  try {
    return textOf(path);
  } catch {
    // The check of the file reports it.
    return undefined;
  }
}

/** The path of a file in a folder without symbolic links. */
function pathIn(root: string, path: string): string {
  return withSlashes(relative(root, join(realpathSync(dirname(path)), basename(path))));
}

function isOutside(path: string): boolean {
  return path.startsWith('../');
}

function inRoot({ path, dataFormat }: SchemaFile, root: string, definition = textOf(path)) {
  return { path: pathIn(root, path), dataFormat, definition };
}

/** The files in each folder, which is read once. */
function createSiblings(): Comparison['siblings'] {
  const known = new Map<string, readonly SchemaFile[]>();
  return (folder) => {
    const files = known.get(folder) ?? siblingFiles(folder);
    known.set(folder, files);
    return files;
  };
}

/** The other files of the root that refer to the checked ones: a change there changes what these mean. */
async function dependants(
  checked: readonly SchemaFile[],
  comparison: Comparison,
): Promise<SchemaFile[]> {
  const { root, now, readNow } = comparison;
  const paths = new Set(checked.map(({ path }) => pathIn(root, path)));
  // Files are shown as those that were named.
  const shown = shownFolder(checked, root);
  const found: SchemaFile[] = [];
  for (const file of inOrder((await now.list()).filter(isSchemaPath))) {
    if (paths.has(file.path)) continue;
    const named = { ...file, path: join(shown, file.path) };
    if (!isNewest(named, comparison)) continue;
    const definition = await now.read(file.path).catch(() => undefined);
    if (definition === undefined) continue;
    try {
      const { files } = await readNow({ ...file, definition });
      if ([...files].some((path) => paths.has(path))) found.push(named);
    } catch (error) {
      // A file that was not asked for and cannot be read refers to nothing.
      if (!(error instanceof SchemaFileError)) throw error;
    }
  }
  return found;
}

/** The root as a path of the same kind as those of the files: relative if these are. */
function shownFolder(files: readonly SchemaFile[], root: string): string {
  const first = files.find(({ path }) => !isOutside(pathIn(root, path)));
  if (first === undefined) return root;
  const depth = pathIn(root, first.path).split('/').length;
  return join(first.path, ...Array.from({ length: depth }, () => '..'));
}

/** The files of the same name in the same folder. */
function versionsOf(file: SchemaFile, { siblings }: Comparison): SchemaFile[] {
  return siblings(dirname(file.path)).filter(
    ({ name, version, dataFormat }) =>
      version !== undefined && name === file.name && dataFormat === file.dataFormat,
  );
}

function isNewest(file: SchemaFile, comparison: Comparison): boolean {
  if (file.version === undefined) return true;
  return versionsOf(file, comparison).every(({ version = 0 }) => version <= (file.version ?? 0));
}

/**
 * The lower numbers, with the other files as the base has them. The newest number itself comes last if these files have
 * changed since. If nothing has changed since the chosen base, there is only the number itself.
 */
async function earlierNumbers(
  file: SchemaFile,
  now: SchemaText,
  comparison: Comparison,
): Promise<EarlierVersion[]> {
  const { root, repository, base, readNow, readBase, acceptsBase } = comparison;
  const releasedText = (path: string) => base.read(pathIn(root, path));
  const refersToOthers = (definition: string) =>
    namesIn(file.dataFormat, definition).outer.length > 0;
  const earlier: EarlierVersion[] = [];
  let isAsReleased = acceptsBase;
  for (const lower of versionsOf(file, comparison)) {
    if ((lower.version ?? 0) >= (file.version ?? 0)) continue;
    const [text, released] = [textOf(lower.path), await releasedText(lower.path)];
    if (text !== released) isAsReleased = false;
    const read = released !== undefined && refersToOthers(text) ? readBase : readNow;
    earlier.push({ label: lower.path, ...(await read(inRoot(lower, root))) });
  }
  const released = await releasedText(file.path);
  if (released === undefined || !(isAsReleased || isNewest(file, comparison))) return earlier;
  if (!isAsReleased && !refersToOthers(released)) return earlier;
  const before = await readBase(inRoot(file, root, released));
  const itself = { label: `${file.path} in ${repository.base}`, ...before };
  if (isAsReleased && areSame(before, now)) return earlier.length > 0 ? [itself] : [];
  const haveOthersChanged = !areSame({ ...before, definition: '' }, { ...now, definition: '' });
  return haveOthersChanged && isNewest(file, comparison) ? [...earlier, itself] : earlier;
}

/** The schemas in the history. Without the last one if the base has the file as it is, and was not chosen. */
async function earlierTexts(
  file: SchemaFile,
  now: SchemaText,
  schemas: readonly SchemaText[],
  { root, repository, base, acceptsBase }: Comparison,
): Promise<EarlierVersion[]> {
  const isInBase = (await base.read(pathIn(root, file.path))) !== undefined;
  const isAsInBase = isInBase && areSame(schemas.at(-1), now);
  const isAccepted = isAsInBase && acceptsBase && schemas.length > 1;
  // With HEAD, the last edit of the file is the one to check.
  const count = isAsInBase && !isAccepted ? schemas.length - 1 : schemas.length;
  const earlier = schemas.slice(0, count).map((schema, i) => {
    return { label: `${repository.base}, text ${i + 1} of ${count}`, ...schema };
  });
  return isAccepted ? earlier.slice(-1) : earlier;
}

async function editAfterRelease(
  file: SchemaFile,
  { root, base, repository }: Comparison,
): Promise<Problem[]> {
  const released = await base.read(pathIn(root, file.path));
  if (released === undefined || released === readable(file.path)) return [];
  const message =
    'the file is released and records may have been written with it: add a new version instead';
  return [{ type: 'EDITED_AFTER_RELEASE', message, against: repository.base }];
}
