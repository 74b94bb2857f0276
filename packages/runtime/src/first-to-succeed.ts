/**
 * Starts the attempts one after another: the next one when an attempt failed, or after `everyMs` (RFC 8305, "Happy
 * Eyeballs"). Resolves with the first success. An attempt that hangs therefore delays the others by `everyMs` only.
 *
 * @param options.late called with each further success
 * @throws AggregateError with the errors in the order of the attempts
 */
export function firstToSucceed<Result>(
  attempts: readonly (() => Promise<Result>)[],
  options: { everyMs: number; late(result: Result): void },
): Promise<Result> {
  const { promise, resolve, reject } = Promise.withResolvers<Result>();
  const errors: unknown[] = [];
  let started = 0;
  let failed = 0;
  let isDecided = false;
  let timer: NodeJS.Timeout | undefined;

  function startNext(): void {
    clearTimeout(timer);
    const index = started;
    const attempt = attempts[index];
    if (isDecided || attempt === undefined) return;
    started += 1;
    timer = setTimeout(startNext, options.everyMs);
    attempt().then(succeeded, (error) => {
      errors[index] = error;
      failed += 1;
      if (failed === attempts.length) reject(new AggregateError(errors));
      else startNext();
    });
  }

  function succeeded(result: Result): void {
    if (isDecided) options.late(result);
    else resolve(result);
    isDecided = true;
    clearTimeout(timer);
  }

  if (attempts.length === 0) reject(new AggregateError(errors));
  startNext();
  return promise;
}
