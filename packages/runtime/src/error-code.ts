/**
 * `error_type` of an error in metrics and traces: the code of this project's own errors, the name of a system error in
 * lower case (`enospc`), else `unexpected`.
 */
export function errorCode(error: unknown): string {
  const { code, retryable, errno } = error as Record<'code' | 'retryable' | 'errno', unknown>;
  if (typeof code !== 'string') return 'unexpected';
  if (typeof errno === 'number') return code.toLowerCase();
  return typeof retryable === 'boolean' ? code : 'unexpected';
}
