import { type ParseArgsConfig, parseArgs } from 'node:util';

type Options = NonNullable<ParseArgsConfig['options']>;
/** The result of strict parsing; `readArguments` checks what strict parsing checks. */
type Flags<O extends Options> = ReturnType<typeof parseArgs<{ options: O }>>['values'];

/** The command line is wrong; the message is one line that names the flag or value. Exit code 2. */
export class UsageError extends Error {
  readonly code = 'usage';
  readonly retryable = false;
}

/** Returns flags, words, and every fault in the flags: unknown flags, missing values, values of boolean flags. */
export function readArguments<const O extends Options>(argv: string[], options: O) {
  // Strict parsing stops at the first fault.
  const { values, positionals, tokens } = parseArgs({
    args: argv,
    options: options as Options,
    strict: false,
    allowPositionals: true,
    allowNegative: true,
    tokens: true,
  });
  const faults = tokens.flatMap((token) => {
    if (token.kind !== 'option') return [];
    const { name, rawName, value } = token;
    const type = Object.hasOwn(options, name) ? options[name]?.type : undefined;
    if (type === undefined) return [`${rawName}: unknown flag`];
    if (type === 'boolean') return value === undefined ? [] : [`${rawName}: takes no value`];
    // A flag that follows is not the value; `--flag=--text` still is.
    const missing = !value || (!token.inlineValue && value.startsWith('--'));
    return missing ? [`${rawName}: a value is missing`] : [];
  });
  return { words: positionals, flags: values as Flags<O>, faults };
}

interface WordCount {
  min: number;
  max: number;
  expected: string;
}

/**
 * Flags, and as many words as the command takes.
 * @throws UsageError
 */
export function parseArguments<const O extends Options>(
  argv: string[],
  options: O,
  { min, max, expected }: WordCount = { min: 0, max: 0, expected: '' },
) {
  const { words, flags, faults } = readArguments(argv, options);
  if (faults.length > 0) throw new UsageError(faults.join('; '));
  if (words.length < min) throw new UsageError(`expected ${expected}`);
  if (words.length > max) throw new UsageError(`unexpected argument '${words[max]}'`);
  return { words, flags };
}

/**
 * @param name of the flag or value, for the error
 * @throws UsageError
 */
export function wholeNumber(
  name: string,
  text: string,
  { min, max = Number.MAX_SAFE_INTEGER }: { min: number; max?: number },
): number {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (value >= min && value <= max) return value;
  const range = max === Number.MAX_SAFE_INTEGER ? `of at least ${min}` : `from ${min} to ${max}`;
  throw new UsageError(`${name} must be a whole number ${range}, not '${text}'`);
}
