import type { Terminal } from './command.ts';

const intervalMs = 500;
const clearLine = '\r\u001b[K';

export interface ProgressLine {
  /** Removes the line until its next update. Call it before other output goes to the same terminal. */
  clear(): void;
  /** Removes the line for good. */
  end(): void;
}

/** Keeps one line on the terminal up to date. Does nothing when stderr is not a terminal. */
export function showProgress(stderr: Terminal['stderr'], text: () => string): ProgressLine {
  if (!stderr.isTTY) return { clear() {}, end() {} };
  let isShown = false;
  const clear = () => {
    if (isShown) stderr.write(clearLine);
    isShown = false;
  };
  const timer = setInterval(() => {
    const [line] = text().split('\n');
    stderr.write(`${clearLine}${line}`);
    isShown = true;
  }, intervalMs);
  return {
    clear,
    end() {
      clearInterval(timer);
      clear();
    },
  };
}
