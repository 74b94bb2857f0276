import { type ParseArgsConfig, parseArgs } from 'node:util';

/** The process's exit codes: sysexits.h where it has one, 2 for usage as shells do. */
export const EXIT = { ok: 0, failed: 1, usage: 2, config: 78 } as const;

/** What a subcommand may touch of the process; tests hand in their own. */
export interface Terminal {
  env: Record<string, string | undefined>;
  stdin: AsyncIterable<Uint8Array>;
  stdout: { write(text: string): unknown };
  stderr: { write(text: string): unknown };
}

/** One subcommand: `word` is what is typed after `glue-schemas`. */
export interface Command {
  word: string;
  summary: string;
  help: string;
  /** Answers the exit code; throws UsageError for a wrong command line, and what a registry throws. */
  run(argv: string[], terminal: Terminal): Promise<number>;
}

/** The command line is wrong; the message is one line that names the flag or value. Exit code 2. */
export class UsageError extends Error {
  readonly code = 'USAGE';
  readonly retryable = false;
}

type Flags = NonNullable<ParseArgsConfig['options']>;

/** Strict `parseArgs`: unknown flags and missing values are a UsageError, and so is another count of words than asked for. */
export function parseWords<const F extends Flags>(
  argv: string[],
  options: F,
  words: { min: number; max: number; what: string },
) {
  let parsed: ReturnType<typeof parseArgs<{ args: string[]; options: F; allowPositionals: true }>>;
  try {
    parsed = parseArgs({ args: argv, options, strict: true, allowPositionals: true });
  } catch (error) {
    const [sentence] = (error as Error).message.split(/\.\s|\n/);
    throw new UsageError((sentence ?? 'wrong flags').replace(/\.$/, ''));
  }
  const { positionals, values } = parsed;
  if (positionals.length < words.min || positionals.length > words.max) {
    throw new UsageError(`expected ${words.what}`);
  }
  return { words: positionals, flags: values };
}

/** A whole number from `min` to `max`, or a UsageError that names the flag. */
export function wholeNumber(flag: string, text: string, min: number, max: number): number {
  const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= min && value <= max) return value;
  throw new UsageError(`${flag} must be a whole number of ${min} to ${max}, not '${text}'`);
}

/** JSON in which integers keep every digit, and bytes are base64 as Kafka Connect prints them. */
export function exactJson(value: unknown, indent?: number): string {
  return JSON.stringify(value, exactMember, indent);
}

// `this` is the holder: by the time of the call a Buffer has already turned itself into an object.
function exactMember(this: Record<string, unknown>, key: string, value: unknown): unknown {
  const held = this[key];
  if (held instanceof Uint8Array) return Buffer.from(held).toString('base64');
  if (typeof value !== 'bigint') return value;
  return (JSON as unknown as { rawJSON(text: string): object }).rawJSON(String(value));
}
