import { dirname, join } from 'node:path';
import { exitCodes, parseArguments, UsageError } from '@order-stream/command-line';
import { SchemaNotRegisteredError } from '@order-stream/serde';
import type { CompatibilityMode } from '@order-stream/serde/compatibility';
import type { Command, Terminal } from './command.ts';
import {
  type Earlier,
  modeOf,
  type Problem,
  problemLine,
  problemsOf,
} from './compatibility-check.ts';
import { type GitHistory, gitHistory } from './git-history.ts';
import { withRegistry } from './registry-connection.ts';
import {
  type SchemaFile,
  SchemaFileError,
  schemaFile,
  schemaFiles,
  textOf,
} from './schema-file.ts';
import { wholeDefinition } from './schema-version.ts';

const help = `glue-schemas check [flags] PATH...: may these schemas follow those before them?

  PATH             schema files (.avsc, .json for JSON Schema, .proto), or folders of them
  --mode MODE      compatibility mode (default BACKWARD; with --online the registry's own)
  --base COMMIT    what is released already, by git (default HEAD)
  --against FILE   compare with this file instead; repeat it, oldest first
  --online NAME    compare with the versions of this schema in the registry instead
  --json           the verdicts as one JSON object
  --help           this text

What came before a file is told by its name. order.v3.avsc follows order.v1.avsc and order.v2.avsc, and no file
that --base has may change or go: records may be written by it. A file without a number follows its own texts in
the history of --base.

Exit code: 0 all may follow, 1 one may not (its reasons are printed), 2 wrong flags.`;

interface Verdict {
  file: string;
  mode: CompatibilityMode;
  against: string[];
  problems: Problem[];
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
  const mode = flags.mode === undefined ? undefined : modeOf('--mode', flags.mode);
  const files = schemaFiles(words);
  if (files.length === 0) throw new SchemaFileError(`no schema files in ${words.join(', ')}`);
  const single = () => {
    const [file, more] = files;
    if (file && !more) return file;
    throw new UsageError('--against and --online take one file');
  };
  let verdicts: Verdict[];
  if (flags.online !== undefined)
    verdicts = [await checkOnline(single(), flags.online, mode, terminal)];
  else if (flags.against) {
    const earlier = flags.against.map((path) => ({ label: path, definition: textOf(path) }));
    verdicts = [verdictOf(single(), mode, earlier)];
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
  for (const folder of new Set(files.map(({ path }) => dirname(path)))) {
    const history = await gitHistory(base, folder);
    const here = files.filter(({ path }) => dirname(path) === folder);
    for (const file of here) {
      const numbered = file.version !== undefined;
      const earlier = numbered ? siblings(file) : await ownTexts(file, history, base);
      const verdict = verdictOf(file, mode, earlier);
      if (numbered) verdict.problems.unshift(...(await editOf(file, history, base)));
      verdicts.push(verdict);
    }
    verdicts.push(...(await removals(folder, here, history, base)));
  }
  return verdicts;
}

/** The files of the same name in the same folder with lower numbers. */
function siblings(file: SchemaFile): Earlier[] {
  return schemaFiles([dirname(file.path)])
    .filter(({ name, version = 0, dataFormat }) => {
      return name === file.name && dataFormat === file.dataFormat && version < (file.version ?? 0);
    })
    .map(({ path }) => ({ label: path, definition: textOf(path) }));
}

async function ownTexts(file: SchemaFile, history: GitHistory, base: string): Promise<Earlier[]> {
  const texts = await history.textsOf(file.path);
  // Not edited since: what counts is whether its last edit was right.
  if (texts.at(-1) === textOf(file.path)) texts.pop();
  return texts.map((definition, i) => ({
    label: `${base}, text ${i + 1} of ${texts.length}`,
    definition,
  }));
}

async function editOf(file: SchemaFile, history: GitHistory, base: string): Promise<Problem[]> {
  const released = await history.textOf(file.path);
  if (released === undefined || released === textOf(file.path)) return [];
  const message =
    'the file is released, and records may be written by it: make a new version instead';
  return [{ type: 'EDITED_AFTER_RELEASE', message, against: base }];
}

/** Numbered files that are gone. Only of names that are checked: a folder may hold others. */
async function removals(
  folder: string,
  files: readonly SchemaFile[],
  history: GitHistory,
  base: string,
): Promise<Verdict[]> {
  const names = new Set(files.map(({ name }) => name));
  const there = new Set(schemaFiles([folder]).map(({ path }) => path));
  const message = 'the file is released, and records may be written by it: bring it back';
  return (await history.namesIn(folder))
    .filter((name) => /\.v\d+\.(avsc|json|proto)$/.test(name))
    .map((name) => schemaFile(join(folder, name)))
    .filter(({ name, path }) => names.has(name) && !there.has(path))
    .map(({ path }) => ({
      file: path,
      mode: 'NONE',
      against: [base],
      problems: [{ type: 'REMOVED_AFTER_RELEASE', message, against: base }],
    }));
}

async function checkOnline(
  file: SchemaFile,
  schemaName: string,
  mode: CompatibilityMode | undefined,
  terminal: Terminal,
): Promise<Verdict> {
  return await withRegistry(terminal, {}, async (registry) => {
    const earlier: Earlier[] = [];
    let own: string | undefined;
    try {
      own = await registry.compatibilityOf(schemaName);
      for (const number of await registry.versionNumbers(schemaName)) {
        const definition = wholeDefinition(await registry.schemaVersion(schemaName, number));
        earlier.push({ label: `${schemaName} version ${number}`, definition });
      }
    } catch (error) {
      // A schema that is not there yet accepts any first version.
      if (!(error instanceof SchemaNotRegisteredError)) throw error;
    }
    return verdictOf(
      file,
      mode ?? (own === undefined ? undefined : modeOf('the registry’s mode', own)),
      earlier,
    );
  });
}

function verdictOf(
  file: SchemaFile,
  mode: CompatibilityMode = 'BACKWARD',
  earlier: readonly Earlier[],
): Verdict {
  const against = earlier.map(({ label }) => label);
  const problems = problemsOf(file.dataFormat, mode, textOf(file.path), earlier);
  return { file: file.path, mode, against, problems };
}

function report(verdicts: readonly Verdict[], json: boolean, { stdout }: Terminal): void {
  if (json) {
    const files = verdicts.map(({ problems, ...rest }) => ({
      ...rest,
      compatible: problems.length === 0,
      problems,
    }));
    const compatible = files.every((file) => file.compatible);
    stdout.write(`${JSON.stringify({ compatible, files })}\n`);
    return;
  }
  for (const { file, mode, against, problems } of verdicts) {
    const before =
      against.length === 0 ? 'the first version' : `${mode} with ${against.length} before it`;
    stdout.write(`${problems.length === 0 ? 'ok' : 'NO'}  ${file}: ${before}\n`);
    for (const problem of problems) stdout.write(`${problemLine(problem)}\n`);
  }
}

export const checkCommand: Command = {
  words: ['check'],
  summary: 'may schemas follow those before them: files, git history, registry',
  help,
  run,
};
