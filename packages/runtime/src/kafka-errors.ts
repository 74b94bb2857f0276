/** One class for each decision of a caller; `cause` is the error of the client library. */
export abstract class KafkaError extends Error {
  abstract readonly code: string;
  readonly retryable: boolean = true;

  constructor(message: string, cause?: unknown) {
    super(message, { cause });
    this.name = new.target.name;
  }
}

/** The broker rejected the credentials: wrong secret, wrong region, expired or changed. */
export class AuthenticationError extends KafkaError {
  readonly code = 'authentication';
}

/** Nothing was written. The same records can be sent again without a duplicate. */
export class BrokerUnavailableError extends KafkaError {
  readonly code = 'broker-unavailable';
  /** The broker's reason, one of `refusals`, if it answered. */
  readonly refusal = refusalOf(this.cause);
}

/** The answer was lost: the records may be in the topic. */
export class SendOutcomeUnknownError extends KafkaError {
  readonly code = 'outcome-unknown';
}

/** Not accepted: the limit of records or bytes in flight is reached. */
export class OverloadedError extends KafkaError {
  readonly code = 'overloaded';

  constructor() {
    super('the limit of records in flight is reached');
  }
}

const tooLargeTypes = new Set(['MESSAGE_TOO_LARGE', 'RECORD_LIST_TOO_LARGE']);

/** The broker will never accept these records as they are; `reason` is Kafka's name of the error. */
export class SendRefusedError extends KafkaError {
  readonly code = 'refused';
  override readonly retryable = false;
  readonly reason: string;
  /** One of `refusals` if the reason is the topic, the brokers or the clock, and not the records. */
  readonly refusal: string | undefined;
  /** Whether the batch is larger than the topic allows; a smaller batch may be accepted. */
  readonly isTooLarge: boolean;

  constructor(reason: string, message: string, cause?: unknown) {
    super(message, cause);
    this.reason = reason;
    this.refusal = refusalOf(cause);
    this.isTooLarge = tooLargeTypes.has(reason);
  }
}

type ClientError = Error & {
  type?: string;
  retriable?: boolean;
  broker?: string;
  code?: unknown;
  /** Of a failed produce request: Kafka's name of each partition's error, undefined for those that were written. */
  errorTypes?: ReadonlyMap<number, string | undefined>;
};

const wrappers = new Set(['KafkaJSNumberOfRetriesExceeded', 'KafkaJSNonRetriableError']);

/** kafkajs wraps the original error in up to two others. */
export function rootCause(error: unknown): ClientError {
  let at = error as ClientError;
  while (wrappers.has(at?.name) && at.cause instanceof Error) at = at.cause as ClientError;
  return at;
}

const authenticationTypes = new Set(['ILLEGAL_SASL_STATE', 'SASL_AUTHENTICATION_FAILED']);

/**
 * Converts a rejected IAM token, which kafkajs reports as "Request is not valid given the current SASL state", to an
 * AuthenticationError. Returns undefined for other errors.
 */
export function authenticationFault(error: unknown): AuthenticationError | undefined {
  const root = rootCause(error);
  if (root instanceof AuthenticationError) return root;
  if (root?.name !== 'KafkaJSSASLAuthenticationError' && !authenticationTypes.has(root?.type ?? ''))
    return undefined;
  return new AuthenticationError(`the broker rejected the credentials: ${root.message}`, error);
}

type SendFailure = 'not-written' | 'in-doubt' | 'refused' | 'new-producer';

const refusedTypes = new Set([
  ...tooLargeTypes,
  'INVALID_TIMESTAMP',
  'INVALID_RECORD',
  'INVALID_TOPIC_EXCEPTION',
  'TOPIC_AUTHORIZATION_FAILED',
  'CLUSTER_AUTHORIZATION_FAILED',
  'UNSUPPORTED_FOR_MESSAGE_FORMAT',
  'UNSUPPORTED_COMPRESSION_TYPE',
  'POLICY_VIOLATION',
]);

/**
 * Kafka's names, in lower case and with hyphens, of answers that are the same for every record: they concern permissions,
 * replicas, disks, the topic, or the clock, because the timestamp of a record is the time of this host.
 */
export const refusals: readonly string[] = [
  'topic-authorization-failed',
  'cluster-authorization-failed',
  'not-enough-replicas',
  'invalid-timestamp',
  'kafka-storage-error',
  'invalid-topic-exception',
  'unsupported-for-message-format',
  'unsupported-compression-type',
  'policy-violation',
];

/** Which of `refusals` the error is, if any. */
export function refusalOf(error: unknown): string | undefined {
  const name = protocolErrorType(error)?.toLowerCase().replaceAll('_', '-');
  return name !== undefined && refusals.includes(name) ? name : undefined;
}

const producerStateTypes = new Set([
  'OUT_OF_ORDER_SEQUENCE_NUMBER',
  'DUPLICATE_SEQUENCE_NUMBER',
  'UNKNOWN_PRODUCER_ID',
  'INVALID_PRODUCER_EPOCH',
]);
// Answers before the append. Not NOT_LEADER_FOR_PARTITION and KAFKA_STORAGE_ERROR: leadership can move, and a disk can
// fail, after the append, while the leader waits for replicas. A topic that was deleted meanwhile no longer has the
// records.
const notWrittenTypes = new Set(['NOT_ENOUGH_REPLICAS', 'UNKNOWN_TOPIC_OR_PARTITION']);

/**
 * The meaning of a failed attempt to produce to one partition. Once the request was sent, the outcome is in doubt unless
 * the broker's answer rules out a write.
 */
export function sendFailure(error: unknown, requestLeft: boolean): SendFailure {
  return failureOf(protocolErrorType(error), requestLeft);
}

/**
 * The same for one of several partitions in a request that was sent. A partition that was written is `in-doubt`, because
 * the error of the others takes the place of its offset.
 */
export function partitionFailure(error: unknown, partition: number): SendFailure {
  return failureOf(rootCause(error).errorTypes?.get(partition), true);
}

/** The partitions that were written although the request failed. */
export function writtenPartitions(error: unknown): number[] {
  const types = rootCause(error)?.errorTypes ?? new Map<number, string | undefined>();
  return [...types].flatMap(([partition, type]) => (type === undefined ? [partition] : []));
}

function failureOf(type: string | undefined, requestLeft: boolean): SendFailure {
  if (type !== undefined && refusedTypes.has(type)) return 'refused';
  if (!requestLeft) return 'not-written';
  if (type !== undefined && producerStateTypes.has(type)) return 'new-producer';
  if (type !== undefined && notWrittenTypes.has(type)) return 'not-written';
  return 'in-doubt';
}

/**
 * The error of a batch that is not tried again. Only SendOutcomeUnknownError leaves open whether it was written. A refusal
 * does not end the doubt of an earlier attempt: the topic's limits may have been changed since.
 */
export function finalError(isInDoubt: boolean, failure: SendFailure, error: unknown): KafkaError {
  const cause = authenticationFault(error) ?? error;
  const reason = rootCause(cause).message;
  if (isInDoubt) return new SendOutcomeUnknownError(reason, cause);
  if (failure === 'refused')
    return new SendRefusedError(protocolErrorType(error) ?? 'UNKNOWN', reason, cause);
  return new BrokerUnavailableError(reason, cause);
}

/** Kafka's name of a protocol error, or undefined for other errors. */
export function protocolErrorType(error: unknown): string | undefined {
  const root = rootCause(error);
  return root?.name === 'KafkaJSProtocolError' ? root.type : undefined;
}

/** The partition that has no record at the offset that was asked for, or undefined for other errors. */
export function partitionOutOfRange(error: unknown): number | undefined {
  const root = rootCause(error) as Error & { partition?: number };
  return root?.name === 'KafkaJSOffsetOutOfRange' ? root.partition : undefined;
}

/** Whether the same request may succeed later: the broker did not answer, or a leader moved. */
export function mayPass(error: unknown): boolean {
  if (authenticationFault(error) !== undefined) return false;
  const type = protocolErrorType(error);
  return type === undefined || !/_AUTHORIZATION_FAILED$|^INVALID_|^UNSUPPORTED_/.test(type);
}
