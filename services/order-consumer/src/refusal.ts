import type { KafkaMessage } from 'kafkajs';

/** A record that no retry will help. It goes to the dead-letter topic. */
export interface Refusal {
  readonly record: KafkaMessage;
  readonly reason: RefusalReason;
  readonly error: Error;
  /** The sink that refused it. Undefined if it could not be decoded. */
  readonly sink?: string;
}

/** `undecodable`: the bytes cannot be decoded; `rejected`: the value is not accepted; `bug`: our code threw. */
export const refusalReasons = ['undecodable', 'rejected', 'bug'] as const;
export type RefusalReason = (typeof refusalReasons)[number];
