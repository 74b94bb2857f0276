import { EventEmitter } from 'node:events';
import type { Terminal, TerminalInput } from '../../command.ts';

/** A terminal whose keys are typed by `type`, and what is seen on it. */
export function createFakeTerminal(env: Terminal['env'] = {}) {
  const stop = new AbortController();
  const seen = { stdout: '', stderr: '' };
  const keys = new EventEmitter();
  const waiting: Buffer[] = [];
  let isRaw = false;
  // Like a stream of Node: paused by `pause`, it flows again by `resume` alone.
  let isFlowing = true;
  const deliver = () => {
    while (isFlowing && waiting.length > 0 && keys.listenerCount('data') > 0)
      keys.emit('data', waiting.shift());
  };
  const stdin = {
    isTTY: true,
    setRawMode(mode: boolean) {
      isRaw = mode;
    },
    on(name: string, listener: (bytes: Buffer) => void) {
      keys.on(name, listener);
      queueMicrotask(deliver);
    },
    off: (name: string, listener: (bytes: Buffer) => void) => keys.off(name, listener),
    pause() {
      isFlowing = false;
    },
    resume() {
      isFlowing = true;
      queueMicrotask(deliver);
    },
    unshift: (bytes: Buffer) => waiting.unshift(bytes),
  } as unknown as TerminalInput;
  const terminal: Terminal = {
    env,
    stdin,
    stdout: { write: (text) => (seen.stdout += text) },
    stderr: { write: (text) => (seen.stderr += text), isTTY: false },
    stop: stop.signal,
  };
  return {
    terminal,
    seen,
    isRaw: () => isRaw,
    stop: () => stop.abort(),
    type(bytes: string | Buffer) {
      waiting.push(Buffer.from(bytes));
      deliver();
    },
  };
}
