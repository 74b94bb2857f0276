import { randomBytes } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

export const requestIdHeader = 'x-request-id';

/** Safe in a header and in a log line. */
const acceptedId = /^[\w.:=+/-]{1,128}$/;

export type RequestIds = ReturnType<typeof createRequestIds>;

/**
 * Ids of requests, as they appear in the answer and in the log: the caller's own `x-request-id` if it is 1 to 128 letters,
 * digits or characters of `_.:=+/-`, else one that no other process or request has.
 */
export function createRequestIds() {
  const boot = randomBytes(4).toString('hex');
  let requests = 0;
  return (headers?: IncomingHttpHeaders): string => {
    const own = headers?.[requestIdHeader];
    if (typeof own === 'string' && acceptedId.test(own)) return own;
    return `${boot}-${(requests++).toString(36)}`;
  };
}
