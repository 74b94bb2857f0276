import { existsSync } from 'node:fs';
import { exitCodes, parseArguments, UsageError } from '@order-stream/command-line';
import { type DataFormat, printExactJson } from '@order-stream/serde';
import {
  type CompatibilityMode,
  compatibilityModes,
  definitionJson,
} from '@order-stream/serde/compatibility';
import type { Command, Terminal } from './command.ts';
import { problemLine, problemsOf } from './compatibility-check.ts';
import { warningLine, warningsOf } from './meaning-warnings.ts';
import { textOf } from './read-file.ts';
import { withRegistry } from './registry-connection.ts';
import { type Change, changesOf } from './schema-diff.ts';
import { schemaFile } from './schema-file.ts';
import { inlinedDefinition, parseVersionName } from './schema-version.ts';

const help = `glue-schemas diff [flags] OLD NEW: the differences, and the modes under which NEW is compatible with OLD

  OLD, NEW   a file, or NAME@VERSION of the registry (NAME@latest, NAME@3)
  --json     the differences as one JSON object
  --help     this text

Exit code: 0 no difference, 1 differences.`;

interface Side {
  dataFormat: DataFormat;
  definition: string;
}

async function run(argv: string[], terminal: Terminal): Promise<number> {
  const { words, flags } = parseArguments(
    argv,
    { json: { type: 'boolean', default: false } },
    { min: 2, max: 2, expected: 'an old and a new schema' },
  );
  const [oldWord, newWord] = words as [string, string];
  const sides = [readSide(oldWord, terminal), readSide(newWord, terminal)] as const;
  const [before, after] = await Promise.all(sides);
  if (before.dataFormat !== after.dataFormat) {
    throw new UsageError(`cannot compare ${before.dataFormat} with ${after.dataFormat}`);
  }
  const changes = changesBetween(before, after);
  const earlier = [{ label: oldWord, definition: before.definition }];
  const compared = [before.dataFormat, 'FULL', after.definition, earlier] as const;
  const [problems, warnings] = [problemsOf(...compared), warningsOf(...compared)];
  // With one earlier version, a mode and its _ALL form are the same.
  const modes = compatibilityModes.filter((mode) => allows(mode, problems));
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

async function readSide(word: string, terminal: Terminal): Promise<Side> {
  if (existsSync(word) || !word.includes('@')) {
    return { dataFormat: schemaFile(word).dataFormat, definition: textOf(word) };
  }
  const name = parseVersionName(word);
  const schema = await withRegistry(terminal, {}, async (registry) =>
    registry.schemaVersion(...name),
  );
  return { dataFormat: schema.dataFormat, definition: inlinedDefinition(schema) };
}

function changesBetween(before: Side, after: Side): Change[] {
  if (before.dataFormat !== 'PROTOBUF') {
    return changesOf(parse(before.definition), parse(after.definition));
  }
  const linesOf = ({ definition }: Side) => definition.split('\n').map((line) => line.trim());
  const [was, is] = [linesOf(before), linesOf(after)];
  const removed = was.filter((line) => !is.includes(line));
  const added = is.filter((line) => !was.includes(line));
  return [
    ...removed.map((line): Change => ({ pointer: '', change: 'removed', before: line })),
    ...added.map((line): Change => ({ pointer: '', change: 'added', after: line })),
  ];
}

function parse(definition: string): unknown {
  try {
    return definitionJson(definition);
  } catch (error) {
    throw new UsageError(`expected JSON definitions: ${(error as Error).message}`);
  }
}

function allows(mode: CompatibilityMode, problems: readonly { direction?: string }[]): boolean {
  if (mode === 'DISABLED') return false;
  if (mode === 'NONE') return true;
  if (problems.some(({ direction }) => direction === undefined)) return false;
  const plain = mode.replace('_ALL', '');
  return !problems.some(({ direction }) => plain === 'FULL' || plain === direction);
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
  run,
};
