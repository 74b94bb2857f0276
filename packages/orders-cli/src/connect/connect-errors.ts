/**
 * The worker, or what its connectors need, cannot answer now: it starts, is gone, rebalances (409), or a proxy before it has lost
 * it. The same request may succeed later.
 */
export class WorkerUnavailableError extends Error {
  readonly code = 'worker-unavailable';
  readonly retryable = true;
}

/** The worker, or what answers in its place, refused the request. The same request fails again. */
export class WorkerRefusedError extends Error {
  readonly code = 'worker-refused';
  readonly retryable = false;
}

/** Connectors or tasks do not run. The message names each, with its state or error. */
export class NotRunningError extends Error {
  readonly code = 'not-running';
  readonly retryable = true;
}
