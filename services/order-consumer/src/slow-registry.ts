/** The registry does not answer the question for a schema at once. */
export class SlowRegistryError extends Error {
  readonly code = 'registry-slow';
  readonly retryable = true;

  constructor() {
    super('the registry has not answered yet, and a record has a schema that is not known');
    this.name = 'SlowRegistryError';
  }
}

/**
 * Waits for an answer. The question itself goes on.
 *
 * @throws SlowRegistryError there is no answer within `limitMs`
 */
export async function answerWithin<Answer>(
  answer: Promise<Answer>,
  limitMs: number,
): Promise<Answer> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new SlowRegistryError()), limitMs);
  return await Promise.race([answer, late.promise]).finally(() => clearTimeout(timer));
}
