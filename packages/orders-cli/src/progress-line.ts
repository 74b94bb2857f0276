import type { Terminal } from './command.ts';

const EVERY_MS = 500;
const CLEAR_LINE = '\r\u001b[K';

/**
 * Keeps one line on a terminal up to date; does nothing where stderr is no terminal.
 * @returns ends it and clears the line
 */
export function showProgress(stderr: Terminal['stderr'], text: () => string): () => void {
  if (!stderr.isTTY) return () => {};
  const timer = setInterval(() => {
    const [line] = text().split('\n');
    stderr.write(`${CLEAR_LINE}${line}`);
  }, EVERY_MS);
  return () => {
    clearInterval(timer);
    stderr.write(CLEAR_LINE);
  };
}
