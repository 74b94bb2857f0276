import type { Terminal } from '../../command.ts';
import { askLine } from './terminal-line.ts';

/**
 * Whether the command may go on: `--yes`, or `y` or `yes` on the terminal.
 *
 * @throws StoppedError at Ctrl-C
 */
export async function confirm(question: string, terminal: Terminal): Promise<boolean> {
  if (!terminal.stdin?.isTTY) return false;
  const answer = await askLine(`${question} [y/N] `, { isHidden: false }, terminal);
  return /^\s*y(es)?\s*$/i.test(answer ?? '');
}
