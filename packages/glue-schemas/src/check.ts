import { existsSync } from 'node:fs';
import { exitCodes, parseArguments, UsageError } from '@order-stream/command-line';
import { SchemaNotRegisteredError } from '@order-stream/serde';
import { type CompatibilityMode, compatibilityModes } from '@order-stream/serde/compatibility';
import { askedFiles } from './asked-files.ts';
import { checkHistory } from './check-history/check-history.ts';
import type { Command, Terminal } from './command.ts';
import { type EarlierVersion, parseMode } from './compatibility-check.ts';
import { frameFlag, frameHelp, framingOf } from './frame-flag.ts';
import { isElsewhere } from './history/git-repository.ts';
import { isMissing, SchemaFileError } from './read-file.ts';
import { withRegistry } from './registry-connection.ts';
import type { SchemaFile } from './schema-file.ts';
import { readSchema, type Sources, sourceFlags, sourceHelp, sourcesOf } from './schema-sources.ts';
import { isCompatible, report, type Verdict, verdictOf } from './verdict.ts';

const help = `glue-schemas check [flags] PATH...: are these schemas compatible with the earlier ones?

  PATH             schema files (.avsc, .json for JSON Schema, .proto), or folders: all files in them and their
                   subfolders, without hidden folders, node_modules and .json files that are not JSON Schemas
  --mode MODE      compatibility mode (default BACKWARD; with --online the registry's own)
  --base COMMIT    the git commit that holds the released files (default HEAD). A file that is as in COMMIT is accepted
  --against FILE   compare with this file instead; repeatable, oldest first
  --online NAME    compare with the versions of this schema in the registry instead
  --removed FILE   the file was removed or renamed on purpose; repeatable
  --new FILE       the file is a new schema, not a removed one under another name; repeatable
  --json           the verdicts as one JSON object
  --help           this text
${frameHelp}

A schema in several files:
${sourceHelp}

A numbered file is compared with the lower numbers of its name: order.v3.avsc with order.v1.avsc and order.v2.avsc.
A numbered file that is in --base must not change or be removed, because records may have been written with it.
A file without a number is compared with its own earlier texts in the history of --base. Without --base, a file that is
as committed is compared with the texts before its last edit.
A file of a folder that is in --base must not be missing. Of files that are named one by one, this holds for numbers.
A file that is not in --base is compared with the missing file from which it was renamed: one of the root with the same
text, a definition of the same name, or mostly the same words.
Files in the root that refer to a checked file are checked too. Earlier versions are compared with the other files as
they were in the same commit; of a numbered file, the newest version applies.
A changed logical type, such as another scale of a decimal or unit of a timestamp, is compatible: it gives a warning.

Exit code: 0 all are compatible, 1 one is not (the reasons are printed), 2 wrong flags.`;

async function run(argv: string[], terminal: Terminal): Promise<number> {
  const { words, flags } = parseArguments(
    argv,
    {
      mode: { type: 'string' },
      base: { type: 'string' },
      against: { type: 'string', multiple: true },
      online: { type: 'string' },
      json: { type: 'boolean', default: false },
      removed: { type: 'string', multiple: true, default: [] },
      new: { type: 'string', multiple: true, default: [] },
      ...frameFlag,
      ...sourceFlags,
    },
    { min: 1, max: 1000, expected: 'at least one file or folder' },
  );
  const mode = flags.mode === undefined ? undefined : parseMode('--mode', flags.mode);
  const sources = sourcesOf(flags, framingOf(flags.frame, terminal));
  const asked = askedFiles(words, sources.root);
  const files = asked.flatMap((group) => group.files);
  if (files.length === 0) throw new SchemaFileError(`no schema files in ${words.join(', ')}`);
  const onlyFile = () => {
    const [file, second] = files;
    if (file && !second) return file;
    throw new UsageError('--against and --online: expected one file');
  };
  const present = flags.removed.find((path) => existsSync(path) && !isElsewhere(path));
  if (present !== undefined) throw new UsageError(`--removed ${present}: the file exists`);
  const missing = flags.new.find(isMissing);
  if (missing !== undefined) throw new UsageError(`--new ${missing}: no such file`);
  const one = (verdict: Verdict) => ({ verdicts: [verdict], skipped: [] });
  const { base, removed, new: added } = flags;
  const { verdicts, skipped } =
    flags.online !== undefined
      ? one(await checkOnline(onlyFile(), flags.online, mode, sources, terminal))
      : flags.against !== undefined
        ? one(await checkAgainst(onlyFile(), flags.against, mode, sources))
        : await checkHistory(asked, { mode, base, sources, removed, added });
  report(verdicts, skipped, flags.json, terminal);
  return verdicts.every(isCompatible) ? exitCodes.ok : exitCodes.failed;
}

async function checkAgainst(
  file: SchemaFile,
  paths: readonly string[],
  mode: CompatibilityMode | undefined,
  sources: Sources,
): Promise<Verdict> {
  const earlier: EarlierVersion[] = [];
  for (const label of paths)
    earlier.push({ label, ...(await readSchema(label, sources, file.dataFormat)) });
  const { framing } = sources;
  return await verdictOf(file, { mode, framing }, async () => [
    await readSchema(file.path, sources),
    earlier,
  ]);
}

async function checkOnline(
  file: SchemaFile,
  schemaName: string,
  mode: CompatibilityMode | undefined,
  sources: Sources,
  terminal: Terminal,
): Promise<Verdict> {
  return await withRegistry(terminal, {}, async (registry) => {
    const earlier: EarlierVersion[] = [];
    let registered: string | undefined;
    try {
      registered = await registry.compatibilityOf(schemaName);
      for (const number of await registry.versionNumbers(schemaName)) {
        const { definition, references } = await registry.schemaVersion(schemaName, number);
        earlier.push({ label: `${schemaName} version ${number}`, definition, references });
      }
    } catch (error) {
      // A schema that does not exist yet accepts any first version.
      if (!(error instanceof SchemaNotRegisteredError)) throw error;
    }
    const own = compatibilityModes.find((known) => known === registered);
    if (mode === undefined && registered !== undefined && own === undefined)
      throw new SchemaFileError(
        `${schemaName} has an unknown compatibility mode, ${registered}: pass --mode`,
      );
    const how = { mode: mode ?? own, framing: registry.framing };
    return await verdictOf(file, how, async () => [await readSchema(file.path, sources), earlier]);
  });
}

export const checkCommand: Command = {
  words: ['check'],
  summary: 'compare schemas with earlier ones: files, git history, registry',
  help,
  run,
};
