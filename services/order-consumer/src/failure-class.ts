/**
 * What a failure means for a record. `undecodable`, `rejected` and `bug`: no retry helps, the record becomes a dead letter.
 * `transient`, `throttled` and `unauthorised`: a store or the registry cannot answer now. The partition waits, and the record never
 * becomes a dead letter.
 */
export type FailureClass =
  | 'undecodable'
  | 'rejected'
  | 'bug'
  | 'transient'
  | 'throttled'
  | 'unauthorised';

/** Whether the same request may succeed later. */
export function mayPass(failure: FailureClass): boolean {
  return failure === 'transient' || failure === 'throttled' || failure === 'unauthorised';
}
