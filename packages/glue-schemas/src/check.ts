import { dirname, join } from 'node:path';
import { exitCodes, parseArguments, UsageError } from '@order-stream/command-line';
import { SchemaNotRegisteredError } from '@order-stream/serde';
import type { CompatibilityMode } from '@order-stream/serde/compatibility';
import type { Command, Terminal } from './command.ts';
import {
  type EarlierVersion,
  type Problem,
  parseMode,
  problemLine,
  problemsOf,
} from './compatibility-check.ts';
import { type GitHistory, gitHistory } from './git-history.ts';
import { type Warning, warningLine, warningsOf } from './meaning-warnings.ts';
import { SchemaFileError, textOf } from './read-file.ts';
import { withRegistry } from './registry-connection.ts';
import { type SchemaFile, schemaFile, schemaFiles } from './schema-file.ts';
import { inlinedDefinition } from './schema-version.ts';

const help = `glue-schemas check [flags] PATH...: are these schemas compatible with the earlier ones?

  PATH             schema files (.avsc, .json for JSON Schema, .proto), or folders of them
  --mode MODE      compatibility mode (default BACKWARD; with --online the registry's own)
  --base COMMIT    the git commit that holds the released files (default HEAD)
  --against FILE   compare with this file instead; repeatable, oldest first
  --online NAME    compare with the versions of this schema in the registry instead
  --json           the verdicts as one JSON object
  --help           this text

A numbered file is compared with the lower numbers of its name: order.v3.avsc with order.v1.avsc and order.v2.avsc.
A numbered file that is in --base must not change or be removed, because records may have been written with it.
A file without a number is compared with its own earlier texts in the history of --base.
A changed logical type, such as another scale of a decimal or unit of a timestamp, is compatible: it gives a warning.

Exit code: 0 all are compatible, 1 one is not (the reasons are printed), 2 wrong flags.`;

interface Verdict {
  file: string;
  mode: CompatibilityMode;
  against: string[];
  problems: Problem[];
  /** Have no influence on the exit code. */
  warnings: Warning[];
}

async function run(argv: string[], terminal: Terminal): Promise<number> {
  const { words, flags } = parseArguments(
    argv,
    {
      mode: { type: 'string' },
      base: { type: 'string', default: 'HEAD' },
      against: { type: 'string', multiple: true },
      online: { type: 'string' },
      json: { type: 'boolean', default: false },
    },
    { min: 1, max: 1000, expected: 'at least one file or folder' },
  );
  const mode = flags.mode === undefined ? undefined : parseMode('--mode', flags.mode);
  const files = schemaFiles(words);
  if (files.length === 0) throw new SchemaFileError(`no schema files in ${words.join(', ')}`);
  const onlyFile = () => {
    const [file, second] = files;
    if (file && !second) return file;
    throw new UsageError('--against and --online: expected one file');
  };
  let verdicts: Verdict[];
  if (flags.online !== undefined)
    verdicts = [await checkOnline(onlyFile(), flags.online, mode, terminal)];
  else if (flags.against) {
    const earlier = flags.against.map((path) => ({ label: path, definition: textOf(path) }));
    verdicts = [verdictOf(onlyFile(), mode, earlier)];
  } else verdicts = await checkHistory(files, mode, flags.base);
  report(verdicts, flags.json, terminal);
  return verdicts.every(({ problems }) => problems.length === 0) ? exitCodes.ok : exitCodes.failed;
}

async function checkHistory(
  files: readonly SchemaFile[],
  mode: CompatibilityMode | undefined,
  base: string,
): Promise<Verdict[]> {
  const verdicts: Verdict[] = [];
  for (const [folder, checked] of Map.groupBy(files, ({ path }) => dirname(path))) {
    const history = await gitHistory(base, folder);
    for (const file of checked) {
      const numbered = file.version !== undefined;
      const earlier = numbered ? lowerVersions(file) : await earlierTexts(file, history);
      const verdict = verdictOf(file, mode, earlier);
      if (numbered) verdict.problems.unshift(...(await editAfterRelease(file, history)));
      verdicts.push(verdict);
    }
    verdicts.push(...(await removals(folder, checked, history)));
  }
  return verdicts;
}

/** The files of the same name in the same folder with lower numbers. */
function lowerVersions(file: SchemaFile): EarlierVersion[] {
  return schemaFiles([dirname(file.path)])
    .filter(({ name, version = 0, dataFormat }) => {
      return name === file.name && dataFormat === file.dataFormat && version < (file.version ?? 0);
    })
    .map(({ path }) => ({ label: path, definition: textOf(path) }));
}

async function earlierTexts(file: SchemaFile, history: GitHistory): Promise<EarlierVersion[]> {
  const texts = await history.textsOf(file.path);
  // The file is as committed: its last edit is the one to check.
  if (texts.at(-1) === textOf(file.path)) texts.pop();
  return texts.map((definition, i) => ({
    label: `${history.base}, text ${i + 1} of ${texts.length}`,
    definition,
  }));
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

async function checkOnline(
  file: SchemaFile,
  schemaName: string,
  mode: CompatibilityMode | undefined,
  terminal: Terminal,
): Promise<Verdict> {
  return await withRegistry(terminal, {}, async (registry) => {
    const earlier: EarlierVersion[] = [];
    let registered: string | undefined;
    try {
      registered = await registry.compatibilityOf(schemaName);
      for (const number of await registry.versionNumbers(schemaName)) {
        const definition = inlinedDefinition(await registry.schemaVersion(schemaName, number));
        earlier.push({ label: `${schemaName} version ${number}`, definition });
      }
    } catch (error) {
      // A schema that does not exist yet accepts any first version.
      if (!(error instanceof SchemaNotRegisteredError)) throw error;
    }
    return verdictOf(
      file,
      mode ?? (registered === undefined ? undefined : parseMode('the registry’s mode', registered)),
      earlier,
    );
  });
}

function verdictOf(
  file: SchemaFile,
  mode: CompatibilityMode = 'BACKWARD',
  earlier: readonly EarlierVersion[],
): Verdict {
  const against = earlier.map(({ label }) => label);
  const compared = [file.dataFormat, mode, textOf(file.path), earlier] as const;
  const [problems, warnings] = [problemsOf(...compared), warningsOf(...compared)];
  return { file: file.path, mode, against, problems, warnings };
}

function report(verdicts: readonly Verdict[], json: boolean, { stdout }: Terminal): void {
  if (json) {
    const files = verdicts.map(({ problems, warnings, ...rest }) => ({
      ...rest,
      compatible: problems.length === 0,
      problems,
      warnings,
    }));
    const compatible = files.every((file) => file.compatible);
    stdout.write(`${JSON.stringify({ compatible, files })}\n`);
    return;
  }
  for (const { file, mode, against, problems, warnings } of verdicts) {
    const before =
      against.length === 0 ? 'the first version' : `${mode} with ${against.length} earlier`;
    stdout.write(`${problems.length === 0 ? 'ok' : 'NO'}  ${file}: ${before}\n`);
    for (const problem of problems) stdout.write(`${problemLine(problem)}\n`);
    for (const warning of warnings) stdout.write(`${warningLine(warning)}\n`);
  }
}

export const checkCommand: Command = {
  words: ['check'],
  summary: 'compare schemas with earlier ones: files, git history, registry',
  help,
  run,
};
