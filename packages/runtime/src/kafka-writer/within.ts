/** The deadline passed; the work is still outstanding and may still be done. */
export class DeadlinePassedError extends Error {
  constructor() {
    super('no answer before the deadline');
  }
}

/** Waits for `work` until `deadline` (epoch ms). @throws DeadlinePassedError */
export async function within<Value>(deadline: number, work: Promise<Value>): Promise<Value> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => reject(new DeadlinePassedError()),
    Math.max(0, deadline - Date.now()),
  );
  try {
    return await Promise.race([work, promise]);
  } finally {
    clearTimeout(timer);
  }
}
