/** So many jobs may wait: one runs, and the next is ready. */
const maxWaiting = 2;

/**
 * Runs asynchronous jobs one after the other. The first that fails is reported, and no other one begins.
 */
export function createJobQueue(onFailed: (error: Error) => void) {
  let waiting = 0;
  let last: Promise<void> = Promise.resolve();
  let lastButOne = last;
  let isStopped = false;

  async function run(previous: Promise<void>, job: () => Promise<void>): Promise<void> {
    await previous;
    try {
      if (!isStopped) await job();
    } catch (error) {
      if (isStopped) return;
      isStopped = true;
      onFailed(error as Error);
    } finally {
      waiting -= 1;
    }
  }

  return {
    add(job: () => Promise<void>): void {
      waiting += 1;
      lastButOne = last;
      last = run(last, job);
    },
    /** Undefined while there is room for more jobs; else resolves when only the last job is left. */
    room: (): Promise<void> | undefined => (waiting > maxWaiting ? lastButOne : undefined),
    /** No job begins any more. */
    stop(): void {
      isStopped = true;
    },
  };
}
