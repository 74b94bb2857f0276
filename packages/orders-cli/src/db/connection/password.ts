import { readFileSync } from 'node:fs';
import { UsageError } from '@order-stream/command-line';
import { ConfigError } from '@order-stream/runtime';
import type { Terminal } from '../../command.ts';
import { StoppedError } from './stopped-error.ts';
import { askLine } from './terminal-line.ts';

interface PasswordSource {
  /** For the question: whose password. */
  owner: string;
  file: string | undefined;
  fileFlag: string;
  variable: string;
}

/**
 * The password of a user: from the file, else from the variable, else typed on the terminal without an echo.
 *
 * @throws UsageError the file cannot be read; ConfigError no source has it; StoppedError
 */
export async function findPassword(
  { owner, file, fileFlag, variable }: PasswordSource,
  terminal: Terminal,
): Promise<string> {
  if (file !== undefined) return firstLine(file, fileFlag);
  const given = terminal.env[variable];
  if (given !== undefined && given !== '') return given;
  if (!terminal.stdin?.isTTY) {
    const problem = `is required without a terminal: it is the password of ${owner}. Or pass ${fileFlag}`;
    throw new ConfigError([{ variable, problem }]);
  }
  const answer = await askLine(`Password of ${owner}: `, { isHidden: true }, terminal);
  if (answer === undefined) throw new StoppedError('stopped before a password');
  return answer;
}

function firstLine(file: string, flag: string): string {
  try {
    return readFileSync(file, 'utf8').split(/\r?\n/, 1)[0] as string;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new UsageError(`${flag} ${file} cannot be read (${code})`);
  }
}
