import { UsageError } from './arguments.ts';

/** The process's exit codes: sysexits.h where it has one, 2 for usage and 130 for Ctrl-C as shells do. */
export const exitCodes = { ok: 0, failed: 1, usage: 2, config: 78, interrupted: 130 } as const;

/** The parts of the process that a command uses; tests pass their own. */
export interface Terminal {
  env: Record<string, string | undefined>;
  stdout: { write(text: string): unknown };
  stderr: { write(text: string): unknown; isTTY?: boolean };
}

export interface Command<T extends Terminal = Terminal> {
  help: string;
  /** Exit code when `run` fails for another reason than flags and environment. Default 1. */
  failureCode?: number;
  /** Returns the exit code; throws UsageError for a wrong command line. */
  run(argv: string[], terminal: T): Promise<number>;
}

/** One command of several: `words` are typed after the program's name. */
export interface Subcommand<T extends Terminal = Terminal> extends Command<T> {
  words: readonly string[];
  summary: string;
}

export interface Program<T extends Terminal> {
  name: string;
  /** Printed for `--version`. Default: there is no such flag. */
  version?: string;
  commands: readonly Subcommand<T>[];
  /** Printed below the list of commands. */
  notes: string;
}

/** Finds the command that `argv` names, runs it and returns the exit code. */
export async function runProgram<T extends Terminal>(
  program: Program<T>,
  argv: string[],
  terminal: T,
): Promise<number> {
  const command = program.commands.find(({ words }) => words.every((word, i) => argv[i] === word));
  if (command === undefined) return withoutCommand(program, argv, terminal);
  const { words } = command;
  return runCommand(
    [program.name, ...words].join(' '),
    command,
    argv.slice(words.length),
    terminal,
  );
}

/**
 * Prints the command's help, or runs it. An error of this project is printed in one line; any other is thrown again.
 * @returns the exit code
 */
export async function runCommand<T extends Terminal>(
  name: string,
  { help, failureCode = exitCodes.failed, run }: Command<T>,
  argv: string[],
  terminal: T,
): Promise<number> {
  if (argv.includes('--help') || argv.includes('-h')) {
    terminal.stdout.write(`${help}\n`);
    return exitCodes.ok;
  }
  try {
    return await run(argv, terminal);
  } catch (error) {
    const [exitCode, ...lines] = failureOf(error as OwnError, name, failureCode);
    for (const line of lines) terminal.stderr.write(`${name}: ${line}\n`);
    return exitCode;
  }
}

/** Lists the commands, or says that there is no such command. */
function withoutCommand<T extends Terminal>(
  { name, version, commands, notes }: Program<T>,
  argv: string[],
  { stdout, stderr }: Terminal,
): number {
  const [first = ''] = argv;
  if (first === '--version' && version !== undefined) {
    stdout.write(`${version}\n`);
    return exitCodes.ok;
  }
  const asksForHelp = ['--help', '-h', 'help'].includes(first);
  if (first === '' || asksForHelp) {
    const list = commands.map(({ words, summary }) => `  ${words.join(' ').padEnd(16)}${summary}`);
    const help = [`${name} <command> [flags]`, list.join('\n'), notes].join('\n\n');
    (asksForHelp ? stdout : stderr).write(`${help}\n`);
    return asksForHelp ? exitCodes.ok : exitCodes.usage;
  }
  const depth = Math.max(...commands.map(({ words }) => words.length));
  const typed = argv.filter((word) => !word.startsWith('-')).slice(0, depth);
  stderr.write(`${name}: unknown command '${typed.join(' ') || first}'; see \`${name} --help\`\n`);
  return exitCodes.usage;
}

/**
 * Every error class of this project has `code` and `retryable`; a ConfigError has `faults`. `stopped` is the code of a command
 * that a signal ended before its first result.
 */
interface OwnError {
  code?: unknown;
  retryable?: unknown;
  message: string;
  faults?: readonly { variable: string; problem: string }[];
}

function failureOf(
  error: OwnError,
  name: string,
  failureCode: number,
): [exitCode: number, ...lines: string[]] {
  const { code, retryable, message, faults } = error;
  if (error instanceof UsageError) return [exitCodes.usage, `${message}; see \`${name} --help\``];
  if (code === 'config' && faults)
    return [exitCodes.config, ...faults.map(({ variable, problem }) => `${variable} ${problem}`)];
  if (typeof code === 'string' && typeof retryable === 'boolean') {
    // A library's message may have several lines.
    const line = message.replaceAll(/\s*\n\s*/g, ' ');
    return [code === 'stopped' ? exitCodes.interrupted : failureCode, line];
  }
  throw error;
}
