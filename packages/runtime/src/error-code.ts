/** `error_type` of an error in metrics and traces: the code of this project's own errors, else `unexpected`. */
export function errorCode(error: unknown): string {
  const { code, retryable } = error as { code?: unknown; retryable?: unknown };
  return typeof code === 'string' && typeof retryable === 'boolean' ? code : 'unexpected';
}
