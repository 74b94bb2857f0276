/** A signal, Ctrl-C or Ctrl-D ended the command before it was done. Exit code 130. */
export class StoppedError extends Error {
  readonly code = 'stopped';
  readonly retryable = false;
}
