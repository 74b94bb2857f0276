import { authenticationFault } from '@order-stream/runtime';

/** The brokers did not answer, or refused a request. The message is one line for a person. */
export class KafkaCommandError extends Error {
  readonly code = 'kafka';
  readonly retryable = true;
}

/** An error that this project did not make, as one line that names the brokers; own errors unchanged. */
export function commandErrorOf(error: unknown, brokers: readonly string[]): unknown {
  const refused = authenticationFault(error);
  const { name, message } = (refused ?? rootOf(error)) as Error;
  const isOwn = typeof (error as { retryable?: unknown } | undefined)?.retryable === 'boolean';
  const isOfClient = name?.startsWith('KafkaJS') || 'broker' in Object(error);
  if (refused === undefined && (isOwn || !isOfClient)) return error;
  return new KafkaCommandError(`${brokers.join(',')}: ${message}`, { cause: error });
}

/** The client wraps the error of a connection or of a broker in up to three others. */
function rootOf(error: unknown): unknown {
  let at = error as { cause?: unknown; errors?: unknown[] } | undefined;
  for (let next: unknown = at; next instanceof Error; ) {
    at = next as { cause?: unknown; errors?: unknown[] };
    next = at.errors?.[0] ?? at.cause;
  }
  return at;
}
