const pauseMs = 5;
const pause = new Int32Array(new SharedArrayBuffer(4));

/**
 * Repeats `work`, and blocks the process, while SQLite answers SQLITE_BUSY without having waited for its busy_timeout.
 * @throws the error of `work`; SQLITE_BUSY after the timeout
 */
export function whileBusy(work: () => void, timeoutMs: number): void {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    try {
      work();
      return;
    } catch (error) {
      // The low byte is the primary result code.
      const isBusy = ((error as { errcode?: number }).errcode ?? 0) % 256 === 5;
      if (!isBusy || performance.now() > deadline) throw error;
      Atomics.wait(pause, 0, 0, pauseMs);
    }
  }
}
