import type { Terminal } from './command.ts';

const intervalMs = 500;
const clearLine = '\r\u001b[K';

/**
 * Keeps one line on the terminal up to date. Does nothing when stderr is not a terminal.
 * @returns a function that stops the updates and clears the line
 */
export function showProgress(stderr: Terminal['stderr'], text: () => string): () => void {
  if (!stderr.isTTY) return () => {};
  const timer = setInterval(() => {
    const [line] = text().split('\n');
    stderr.write(`${clearLine}${line}`);
  }, intervalMs);
  return () => {
    clearInterval(timer);
    stderr.write(clearLine);
  };
}
