import type { Terminal } from './command.ts';

const everyMs = 500;
const clearLine = '\r\u001b[K';

/**
 * Keeps one line on a terminal up to date; does nothing where stderr is no terminal.
 * @returns ends it and clears the line
 */
export function showProgress(stderr: Terminal['stderr'], text: () => string): () => void {
  if (!stderr.isTTY) return () => {};
  const timer = setInterval(() => {
    const [line] = text().split('\n');
    stderr.write(`${clearLine}${line}`);
  }, everyMs);
  return () => {
    clearInterval(timer);
    stderr.write(clearLine);
  };
}
