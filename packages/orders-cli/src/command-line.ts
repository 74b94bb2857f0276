import { type ParseArgsConfig, parseArgs } from 'node:util';

/** The process's exit codes: sysexits.h where it has one, 2 for usage as shells do. */
export const EXIT = { ok: 0, failed: 1, usage: 2, config: 78 } as const;

/** What a subcommand may touch of the process; tests hand in their own. */
export interface Terminal {
  env: Record<string, string | undefined>;
  stdout: { write(text: string): unknown };
  stderr: { write(text: string): unknown; isTTY?: boolean };
  /** Aborted by the first SIGTERM or SIGINT: finish what is in flight and end. */
  stop: AbortSignal;
}

/** One subcommand: `words` are what is typed after `orders`. */
export interface Command {
  words: readonly string[];
  summary: string;
  help: string;
  /** Answers the exit code; throws UsageError for a wrong command line. */
  run(argv: string[], terminal: Terminal): Promise<number>;
}

/** The command line is wrong; the message is one line that names the flag or value. Exit code 2. */
export class UsageError extends Error {
  readonly code = 'USAGE';
  readonly retryable = false;
}

type Flags = NonNullable<ParseArgsConfig['options']>;

/** Strict `parseArgs`: no positional words, unknown flags and missing values are a UsageError. */
export function parseFlags<const F extends Flags>(argv: string[], options: F) {
  try {
    return parseArgs({ args: argv, options, strict: true, allowNegative: true }).values;
  } catch (error) {
    // Node's second sentence explains `--`, which no subcommand takes.
    const [sentence] = (error as Error).message.split(/\.\s|\n/);
    throw new UsageError((sentence ?? 'wrong flags').replace(/\.$/, ''));
  }
}

/** A whole number from `min` to `max`, or a UsageError that names the flag. */
export function wholeNumber(
  flag: string,
  text: string,
  { min, max = Number.MAX_SAFE_INTEGER }: { min: number; max?: number },
): number {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (value >= min && value <= max) return value;
  const range = max === Number.MAX_SAFE_INTEGER ? `of at least ${min}` : `of ${min} to ${max}`;
  throw new UsageError(`${flag} must be a whole number ${range}, not '${text}'`);
}
