import { existsSync } from 'node:fs';
import { exitCodes, parseArguments, UsageError } from '@order-stream/command-line';
import { type DataFormat, printExactJson, type SchemaText } from '@order-stream/serde';
import {
  allowedModes,
  type Change,
  changesOf,
  comparableJson,
  InvalidAvroSchemaError,
} from '@order-stream/serde/compatibility';
import type { Command, Terminal } from './command.ts';
import { problemLine, problemsOf } from './compatibility-check.ts';
import { definitionError } from './definition-error.ts';
import { type Framing, frameFlag, frameHelp, framingOf } from './frame-flag.ts';
import { warningLine, warningsOf } from './meaning-warnings.ts';
import { withRegistry } from './registry-connection.ts';
import { schemaFile } from './schema-file.ts';
import { readSchema, type Sources, sourceFlags, sourceHelp, sourcesOf } from './schema-sources.ts';
import { parseVersionName } from './schema-version.ts';

const help = `glue-schemas diff [flags] OLD NEW: the differences, and the modes under which NEW is compatible with OLD

  OLD, NEW   a file, or NAME@VERSION of the registry (NAME@latest, NAME@3)
  --json     the differences as one JSON object
  --help     this text
${frameHelp}

A schema in several files:
${sourceHelp}

A difference is whatever makes another version for a registry: also docs, defaults, aliases and the order of fields, and
for Avro and Protobuf also in the files that the schema refers to. White space, comments and the order of keys are not
differences. Whether the versions are compatible has no influence on the exit code:
\`check NEW --against OLD\` decides that.

Exit code, as of diff: 0 no difference, 1 differences, 2 trouble: wrong flags, or a schema that cannot be read; 78 wrong
environment.`;

interface Side extends SchemaText {
  dataFormat: DataFormat;
  word: string;
}

async function run(argv: string[], terminal: Terminal): Promise<number> {
  const { words, flags } = parseArguments(
    argv,
    { json: { type: 'boolean', default: false }, ...frameFlag, ...sourceFlags },
    { min: 2, max: 2, expected: 'an old and a new schema' },
  );
  const [oldWord, newWord] = words as [string, string];
  const sources = sourcesOf(flags, framingOf(flags.frame, terminal));
  const before = await readSide(oldWord, sources, terminal);
  const after = await readSide(newWord, sources, terminal);
  if (before.dataFormat !== after.dataFormat) {
    throw new UsageError(`cannot compare ${before.dataFormat} with ${after.dataFormat}`);
  }
  const changes = changesBetween(before, after, sources.framing);
  const earlier = [{ ...before, label: oldWord }];
  const compared = [before.dataFormat, 'FULL', after, earlier] as const;
  const problems = problemsOf(...compared, sources.framing);
  const warnings = warningsOf(...compared);
  const modes = allowedModes(problems);
  if (flags.json)
    terminal.stdout.write(`${printExactJson({ changes, modes, problems, warnings })}\n`);
  else {
    for (const change of changes) terminal.stdout.write(`${changeLine(change)}\n`);
    if (changes.length === 0) terminal.stdout.write('no difference\n');
    else terminal.stdout.write(`compatible under: ${modes.join(', ')}\n`);
    for (const problem of problems)
      terminal.stdout.write(`${problem.direction}${problemLine(problem)}\n`);
    for (const warning of warnings) terminal.stdout.write(`${warningLine(warning)}\n`);
  }
  return changes.length === 0 ? exitCodes.ok : exitCodes.failed;
}

async function readSide(word: string, sources: Sources, terminal: Terminal): Promise<Side> {
  if (existsSync(word) || !word.includes('@')) {
    const { definition, references } = await readSchema(word, sources);
    return { word, dataFormat: schemaFile(word).dataFormat, definition, references };
  }
  const name = parseVersionName(word);
  const schema = await withRegistry(terminal, {}, async (registry) =>
    registry.schemaVersion(...name),
  );
  const { dataFormat, definition, references } = schema;
  return { word, dataFormat, definition, references };
}

function changesBetween(before: Side, after: Side, framing: Framing): Change[] {
  const canonical = [before, after].map((side) => canonicalJsonOf(side, framing));
  if (!canonical.includes(undefined)) return changesOf(canonical[0], canonical[1]);
  return changesOf(jsonOf(before, 'JSON', framing), jsonOf(after, 'JSON', framing));
}

/** `undefined` for an Avro definition that no registry accepts, of which only the JSON can be compared. */
function canonicalJsonOf(side: Side, framing: Framing): unknown {
  try {
    return jsonOf(side, side.dataFormat, framing);
  } catch (error) {
    if (error instanceof InvalidAvroSchemaError) return undefined;
    throw error;
  }
}

function jsonOf(side: Side, dataFormat: DataFormat, framing: Framing): unknown {
  try {
    return comparableJson(dataFormat, side, { framing });
  } catch (error) {
    if (error instanceof InvalidAvroSchemaError) throw error;
    throw definitionError(side.word, error as Error);
  }
}

function changeLine({ pointer, change, before, after }: Change): string {
  const [was, is] = [before, after].map((value) => printExactJson(value));
  const at = pointer === '' ? '/' : pointer;
  if (change === 'added') return `+ ${at}: ${is}`;
  if (change === 'removed') return `- ${at}: ${was}`;
  return `~ ${at}: ${was} -> ${is}`;
}

export const diffCommand: Command = {
  words: ['diff'],
  summary: 'the differences between two versions',
  help,
  // As in diff(1): with 1, the comparison was made.
  failureCode: 2,
  run,
};
