/** A store refused a request, did not answer, or lacks what was asked for. */
export class StoreError extends Error {
  readonly code = 'store';
  readonly retryable = true;
}

/** Awaits a request, and names the store in its error. @throws StoreError */
export async function requestTo<T>(store: string, request: Promise<T>): Promise<T> {
  try {
    return await request;
  } catch (cause) {
    const { name, message } = cause as Error;
    throw new StoreError(`${store}: ${name}: ${message}`, { cause });
  }
}

/** The names of AWS's errors are part of its API; the classes of the SDK do not cover all of them. */
export function isNamed(error: unknown, ...names: string[]): boolean {
  return names.includes((error as Error).name);
}
