import { dirname, join, resolve } from 'node:path';
import type { CompatibilityMode } from '@order-stream/serde/compatibility';
import type { AskedFiles } from '../asked-files.ts';
import { createNamesOf, type NamesOf } from '../definition-names.ts';
import { createCommitTrees } from '../history/commit-tree.ts';
import { type GitRepository, openRepository, repositoryKey } from '../history/git-repository.ts';
import { schemasInHistory } from '../history/schema-history.ts';
import type { SchemaFile } from '../schema-file.ts';
import type { Sources } from '../schema-sources.ts';
import { isCompatible, type Verdict, verdictOf } from '../verdict.ts';
import { createComparison, inRoot, isOutside, pathIn, shownFolder } from './comparison.ts';
import { dependants } from './dependants.ts';
import { earlierNumbers } from './earlier-numbers.ts';
import { earlierTexts } from './earlier-texts.ts';
import { type EditedFile, editOf, judgeEdit } from './edited-files.ts';
import { createNumberedFiles } from './numbered-files.ts';
import { withOldName } from './old-name.ts';
import { withoutOtherJson } from './other-json.ts';
import { removedFiles } from './removed-files.ts';
import { renamedFiles, renameNote } from './renamed-files.ts';

/** What `check` compares with the history of a commit. */
export interface HistoryCheck {
  readonly mode: CompatibilityMode | undefined;
  /** A commit, such as `origin/main`: files that are as it has them are accepted. Default `HEAD`, whose last edits count. */
  readonly base: string | undefined;
  readonly sources: Sources;
  /** Paths of files that were removed on purpose. */
  readonly removed: readonly string[];
  /** Paths of files that are not removed ones under another name. */
  readonly added: readonly string[];
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
  { mode, base: chosen, sources, removed, added }: HistoryCheck,
  namesOf: NamesOf,
): Promise<{ verdicts: Verdict[]; skipped: string[] }> {
  const { root, folders } = group;
  const rootPath = repository.pathOf(root);
  const trees = createCommitTrees(repository.objects);
  const treeOf = (commit: string) => trees.treeOf(commit, rootPath);
  const options = { ...sources.readerOptions(root), namesOf };
  const comparison = createComparison(repository, root, treeOf(repository.commit), {
    ...options,
    acceptsBase: chosen !== undefined,
  });
  const numbers = createNumberedFiles();
  const [files, skipped] = await withoutOtherJson(group, comparison);
  const checked = [...files, ...(await dependants(files, comparison, numbers))];
  const { framing } = sources;
  const edits = new Map<SchemaFile, EditedFile>();
  for (const file of checked) {
    const edit = file.version === undefined ? undefined : await editOf(file, comparison, framing);
    if (edit) edits.set(file, edit);
  }
  const newPaths = new Set(added.map((path) => resolve(path)));
  const isNew = (path: string) => newPaths.has(resolve(path));
  const renamed = await renamedFiles(checked, comparison, numbers, isNew);
  const shown = (path: string) => join(shownFolder(checked, root), path);
  const withHistory = [
    ...checked
      .filter((file) => file.version === undefined || edits.get(file)?.fault !== undefined)
      .map(({ path, dataFormat }) => ({ path: pathIn(root, path), dataFormat })),
    ...[...renamed].map(([{ dataFormat }, { from }]) => ({ path: from, dataFormat })),
  ];
  const elsewhere = [...(options.named?.values() ?? []), ...withHistory.map(({ path }) => path)];
  const commits =
    withHistory.length === 0
      ? []
      : await repository.commitsOf(rootPath, elsewhere.filter(isOutside));
  const histories = await schemasInHistory(withHistory, commits, treeOf, options);

  const verdicts: Verdict[] = [];
  for (const file of checked) {
    const numbered = file.version !== undefined;
    const texts = histories.get(pathIn(root, file.path)) ?? [];
    const was = renamed.get(file);
    const how = { mode, framing, skipsUnusable: true };
    const verdict = await verdictOf(file, how, async () => {
      const schema = await comparison.readNow(inRoot(file, root));
      const own = numbered
        ? await earlierNumbers(file, schema, comparison, numbers)
        : await earlierTexts(file, schema, texts, comparison);
      if (!was) return [schema, own];
      const { from, higher } = was;
      const old = { path: from, shown, texts: histories.get(from) ?? [], higher };
      return [schema, await withOldName(file, schema, own, old, comparison)];
    });
    if (was) verdict.notes.push(renameNote(file.path, was, shown, repository.base));
    const edit = edits.get(file);
    if (edit) {
      const { problems, notes } = judgeEdit(file, edit, texts, repository.base, framing);
      verdict.problems.unshift(...problems);
      // A file that is still not a schema was not mended.
      if (isCompatible(verdict)) verdict.notes.push(...notes);
    }
    verdicts.push(verdict);
  }
  const releasedAt = (path: string) => trees.treeOf(repository.commit, path);
  verdicts.push(
    ...(await removedFiles(checked, folders, {
      ...{ base: repository.base, removed },
      releasedIn: (folder) => releasedAt(repository.pathOf(folder)),
      replacedIn: (folder) => {
        const named = repository.namedPathOf(folder);
        const isLinked = named !== undefined && named !== repository.pathOf(folder);
        return isLinked ? releasedAt(named) : undefined;
      },
    })),
  );
  return { verdicts, skipped };
}
