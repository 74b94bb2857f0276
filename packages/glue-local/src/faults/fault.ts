import type { Operation } from '../request.ts';

/**
 * A fault that clients of the registry get: throttling (ThrottlingException, 400), access-denied
 * (AccessDeniedException, 400), internal-error (InternalServiceException, 5xx), latency, connection-reset, or versions
 * that stay PENDING until the fault is ended.
 */
export type FaultKind = (typeof faultKinds)[number];

export const faultKinds = [
  'throttling',
  'latency',
  'internal-error',
  'connection-reset',
  'access-denied',
  'pending',
] as const;

/** Which calls get a fault, and how it shows. */
export interface Fault {
  fault: FaultKind;
  /** Only calls of these actions; default all (`pending`: those that make versions). */
  actions?: readonly Operation[];
  /** Only calls that are signed with this access key id; default those of every caller. */
  accessKeyId?: string;
  /** How many calls get the fault; default all until it is ended. */
  count?: number;
  /** The share of the matching calls that get the fault, above 0 and up to 1; default 1. */
  rate?: number;
  /** Of the draws for `rate`: the same seed draws the same calls; default 0. */
  seed?: number;
  /** How long a call with latency waits. */
  latencyMs?: number;
  /** HTTP status of an internal error; default 500. */
  status?: number;
  /**
   * Whether the fault comes before the action or after it; default `before`. After it, the action has had its effect,
   * and only the answer is late or lost: for latency, internal-error and connection-reset.
   */
  when?: 'before' | 'after';
}
