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
  /** Whether the batch is larger than the topic allows; a smaller batch may be accepted. */
  readonly isTooLarge: boolean;

  constructor(reason: string, message: string, cause?: unknown) {
    super(message, cause);
    this.reason = reason;
    this.isTooLarge = tooLargeTypes.has(reason);
  }
}

type ClientError = Error & { type?: string; retriable?: boolean; broker?: string; code?: unknown };

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

/** Because of the content of the records: sending them again gets the same answer. */
const refusedContentTypes = new Set([...tooLargeTypes, 'INVALID_TIMESTAMP', 'INVALID_RECORD']);
const refusedTypes = new Set([
  ...refusedContentTypes,
  'INVALID_TOPIC_EXCEPTION',
  'TOPIC_AUTHORIZATION_FAILED',
  'CLUSTER_AUTHORIZATION_FAILED',
  'UNSUPPORTED_FOR_MESSAGE_FORMAT',
]);
const producerStateTypes = new Set([
  'OUT_OF_ORDER_SEQUENCE_NUMBER',
  'DUPLICATE_SEQUENCE_NUMBER',
  'UNKNOWN_PRODUCER_ID',
  'INVALID_PRODUCER_EPOCH',
]);

/**
 * The meaning of a failed attempt to produce to one partition. Once the request was sent, the outcome is in doubt by
 * default: kafkajs may throw the error of a later metadata refresh in place of the error of the request.
 */
export function sendFailure(error: unknown, requestLeft: boolean): SendFailure {
  const type = protocolErrorType(error);
  if (type !== undefined && refusedTypes.has(type)) return 'refused';
  if (!requestLeft) return 'not-written';
  if (type !== undefined && producerStateTypes.has(type)) return 'new-producer';
  // Not for NOT_LEADER_FOR_PARTITION: leadership can move after the append, while the leader waits for replicas.
  if (type === 'NOT_ENOUGH_REPLICAS') return 'not-written';
  return 'in-doubt';
}

/**
 * Why an earlier attempt may have written a batch. Only the same producer can find out. Its answer was `lost`, or its
 * request failed for `another` of its partitions, and kafkajs does not report which partitions were written.
 */
export type Doubt = 'none' | 'another' | 'lost';

/** The error of a batch that is not tried again. Only SendOutcomeUnknownError leaves open whether it was written. */
export function finalError(doubt: Doubt, failure: SendFailure, error: unknown): KafkaError {
  const cause = authenticationFault(error) ?? error;
  const reason = rootCause(cause).message;
  // The refusal of the records themselves was the same when another partition's failure hid it. It is not assumed of a
  // lost answer, because the topic's limit may have been changed since.
  const mayBeWritten = doubt === 'lost' || (doubt === 'another' && !refusesContent(error));
  if (mayBeWritten) return new SendOutcomeUnknownError(reason, cause);
  if (failure === 'refused')
    return new SendRefusedError(protocolErrorType(error) ?? 'UNKNOWN', reason, cause);
  return new BrokerUnavailableError(reason, cause);
}

/** Whether the broker refused the content of the records, which it does before it writes any of them. */
export function refusesContent(error: unknown): boolean {
  return refusedContentTypes.has(protocolErrorType(error) ?? '');
}

/** Kafka's name of a protocol error, or undefined for other errors. */
export function protocolErrorType(error: unknown): string | undefined {
  const root = rootCause(error);
  return root?.name === 'KafkaJSProtocolError' ? root.type : undefined;
}
