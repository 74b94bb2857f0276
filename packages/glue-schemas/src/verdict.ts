import type { DataFormat, SchemaText } from '@order-stream/serde';
import type { CompatibilityMode } from '@order-stream/serde/compatibility';
import type { Terminal } from './command.ts';
import {
  type EarlierVersion,
  faultOf,
  type Problem,
  problemLine,
  problemsOf,
} from './compatibility-check.ts';
import type { Framing } from './frame-flag.ts';
import { type Warning, warningLine, warningsOf } from './meaning-warnings.ts';
import { SchemaFileError } from './read-file.ts';
import { usableVersions } from './usable-versions.ts';

/** Whether a file is compatible with earlier versions, and why not. */
export interface Verdict {
  file: string;
  mode: CompatibilityMode;
  against: string[];
  problems: Problem[];
  /** Have no influence on the exit code. */
  warnings: Warning[];
  /** What the file was compared with, or not, where that is not as usual. Have no influence on the exit code. */
  notes: Note[];
}

/** `against` is the label of the earlier version. */
export interface Note {
  readonly type: 'NOT_A_SCHEMA' | 'OTHER_FILES' | 'RENAMED' | 'MENDED';
  readonly message: string;
  readonly against: string;
}

export interface VerdictOptions {
  /** Default `BACKWARD`. */
  readonly mode?: CompatibilityMode | undefined;
  readonly framing: Framing;
  /** Whether earlier versions that are not schemas are left out, with a note. Default: they are problems. */
  readonly skipsUnusable?: boolean;
}

/** Compares a schema with earlier ones, the oldest first. A schema that cannot be read is a problem of its file. */
export async function verdictOf(
  { path, dataFormat }: { path: string; dataFormat: DataFormat },
  { mode = 'BACKWARD', framing, skipsUnusable = false }: VerdictOptions,
  read: () => Promise<readonly [SchemaText, readonly EarlierVersion[]]>,
): Promise<Verdict> {
  const verdict = { file: path, mode, against: [], problems: [], warnings: [], notes: [] };
  try {
    const [schema, earlier] = await read();
    const fault = faultOf(dataFormat, schema, framing);
    if (fault !== undefined) {
      const against = earlier.map(({ label }) => label);
      return { ...verdict, against, problems: [{ type: 'INVALID_SCHEMA', message: fault }] };
    }
    const versions = await usableVersions(dataFormat, mode, schema, earlier, framing);
    const { usable, reread, notSchemas, unresolved } = versions;
    const compared = [dataFormat, mode, schema, usable] as const;
    const faults = [...unresolved, ...(skipsUnusable ? [] : notSchemas)].map(
      ({ label, fault: message }) => ({ type: 'INVALID_SCHEMA', message, against: label }),
    );
    // Without such a version, another one would be the last.
    const problems = faults.length > 0 ? faults : problemsOf(...compared, framing);
    return {
      ...verdict,
      against: (faults.length > 0 ? earlier : usable).map(({ label }) => label),
      problems,
      warnings: warningsOf(...compared),
      notes: [...(skipsUnusable ? notSchemas.map(leftOut) : []), ...reread.map(readAgain)],
    };
  } catch (error) {
    if (!(error instanceof SchemaFileError)) throw error;
    return { ...verdict, problems: [{ type: 'INVALID_SCHEMA', message: error.message }] };
  }
}

function leftOut({ label, fault }: { label: string; fault: string }): Note {
  const message = `${label} is not compared, because it is not a schema: ${fault}`;
  return { type: 'NOT_A_SCHEMA', message, against: label };
}

function readAgain({ label, fault }: { label: string; fault: string }): Note {
  const message = `${label} is compared with files of another commit or as they are now, because its own lack something: ${fault}`;
  return { type: 'OTHER_FILES', message, against: label };
}

export function isCompatible({ problems }: Verdict): boolean {
  return problems.length === 0;
}

/** @param skipped files of folders that are not schemas */
export function report(
  verdicts: readonly Verdict[],
  skipped: readonly string[],
  json: boolean,
  { stdout }: Terminal,
): void {
  if (json) {
    const files = verdicts.map(({ problems, warnings, notes, ...rest }) => ({
      ...rest,
      compatible: problems.length === 0,
      ...{ problems, warnings, notes },
    }));
    const result = { compatible: verdicts.every(isCompatible), files, skipped };
    stdout.write(`${JSON.stringify(result)}\n`);
    return;
  }
  for (const verdict of verdicts) {
    const { file, mode, against, problems, warnings, notes } = verdict;
    const before =
      against.length === 0 ? 'the first version' : `${mode} with ${against.length} earlier`;
    stdout.write(`${isCompatible(verdict) ? 'ok' : 'NO'}  ${file}: ${before}\n`);
    for (const problem of problems) stdout.write(`${problemLine(problem)}\n`);
    for (const warning of warnings) stdout.write(`${warningLine(warning)}\n`);
    for (const { message } of notes) stdout.write(`  note: ${message}\n`);
  }
  for (const file of skipped) stdout.write(`--  ${file}: skipped, not a JSON Schema\n`);
}
