import type { DataFormat, SchemaText } from '@order-stream/serde';
import type { CompatibilityMode } from '@order-stream/serde/compatibility';
import type { Terminal } from './command.ts';
import {
  type EarlierVersion,
  type Problem,
  problemLine,
  problemsOf,
} from './compatibility-check.ts';
import type { Framing } from './frame-flag.ts';
import { type Warning, warningLine, warningsOf } from './meaning-warnings.ts';
import { SchemaFileError } from './read-file.ts';

/** Whether a file is compatible with earlier versions, and why not. */
export interface Verdict {
  file: string;
  mode: CompatibilityMode;
  against: string[];
  problems: Problem[];
  /** Have no influence on the exit code. */
  warnings: Warning[];
}

/** Compares a schema with earlier ones, the oldest first. A schema that cannot be read is a problem of its file. */
export async function verdictOf(
  { path, dataFormat }: { path: string; dataFormat: DataFormat },
  { mode = 'BACKWARD', framing }: { mode?: CompatibilityMode | undefined; framing: Framing },
  read: () => Promise<readonly [SchemaText, readonly EarlierVersion[]]>,
): Promise<Verdict> {
  try {
    const [schema, earlier] = await read();
    const against = earlier.map(({ label }) => label);
    const compared = [dataFormat, mode, schema, earlier] as const;
    const problems = problemsOf(...compared, framing);
    const warnings = warningsOf(...compared);
    return { file: path, mode, against, problems, warnings };
  } catch (error) {
    if (!(error instanceof SchemaFileError)) throw error;
    const problems = [{ type: 'INVALID_SCHEMA', message: error.message }];
    return { file: path, mode, against: [], problems, warnings: [] };
  }
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
    const files = verdicts.map(({ problems, warnings, ...rest }) => ({
      ...rest,
      compatible: problems.length === 0,
      ...{ problems, warnings },
    }));
    const result = { compatible: verdicts.every(isCompatible), files, skipped };
    stdout.write(`${JSON.stringify(result)}\n`);
    return;
  }
  for (const verdict of verdicts) {
    const { file, mode, against, problems, warnings } = verdict;
    const before =
      against.length === 0 ? 'the first version' : `${mode} with ${against.length} earlier`;
    stdout.write(`${isCompatible(verdict) ? 'ok' : 'NO'}  ${file}: ${before}\n`);
    for (const problem of problems) stdout.write(`${problemLine(problem)}\n`);
    for (const warning of warnings) stdout.write(`${warningLine(warning)}\n`);
  }
  for (const file of skipped) stdout.write(`--  ${file}: skipped, not a JSON Schema\n`);
}
