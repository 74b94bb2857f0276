/** What a caller decides on; `cause` holds the client library's error. */
export class KafkaError extends Error {
  readonly code: string;
  readonly retryable: boolean;

  constructor(code: string, retryable: boolean, message: string, cause?: unknown) {
    super(message, { cause });
    this.name = new.target.name;
    this.code = code;
    this.retryable = retryable;
  }
}

/** The broker refused who we are: wrong secret, wrong region, expired or changed credentials. */
export class AuthenticationError extends KafkaError {
  constructor(message: string, cause?: unknown) {
    super('authentication', true, message, cause);
  }
}

/** Nothing was written; the same records can be sent again without a duplicate. */
export class BrokerUnavailableError extends KafkaError {
  constructor(message: string, cause?: unknown) {
    super('broker-unavailable', true, message, cause);
  }
}

/** The records may or may not be in the topic: an answer was lost. */
export class SendOutcomeUnknownError extends KafkaError {
  constructor(message: string, cause?: unknown) {
    super('outcome-unknown', true, message, cause);
  }
}

/** The broker will never take these records as they are; `reason` is Kafka's name of the error. */
export class SendRefusedError extends KafkaError {
  readonly reason: string;

  constructor(reason: string, message: string, cause?: unknown) {
    super('refused', false, message, cause);
    this.reason = reason;
  }
}

type ClientError = Error & { type?: string; retriable?: boolean; broker?: string; code?: unknown };

const wrappers = new Set(['KafkaJSNumberOfRetriesExceeded', 'KafkaJSNonRetriableError']);

/** kafkajs wraps the error that matters in up to two others. */
export function rootCause(error: unknown): ClientError {
  let at = error as ClientError;
  while (wrappers.has(at?.name) && at.cause instanceof Error) at = at.cause as ClientError;
  return at;
}

const authenticationTypes = new Set(['ILLEGAL_SASL_STATE', 'SASL_AUTHENTICATION_FAILED']);

/**
 * A rejected IAM token comes out of kafkajs as "Request is not valid given the current SASL state";
 * here it becomes an AuthenticationError. Anything else is returned as undefined.
 */
export function authenticationFault(error: unknown): AuthenticationError | undefined {
  const root = rootCause(error);
  if (root instanceof AuthenticationError) return root;
  if (root?.name !== 'KafkaJSSASLAuthenticationError' && !authenticationTypes.has(root?.type ?? ''))
    return undefined;
  return new AuthenticationError(`the broker rejected the credentials: ${root.message}`, error);
}

export type SendFailure = 'not-written' | 'in-doubt' | 'refused' | 'new-producer';

/** By what the records are: the same answer however often they are sent. */
const refusedContentTypes = new Set([
  'MESSAGE_TOO_LARGE',
  'RECORD_LIST_TOO_LARGE',
  'INVALID_TIMESTAMP',
  'INVALID_RECORD',
]);
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
 * What a failed attempt to produce to one partition means. Doubt is the default once a request has left: kafkajs
 * may throw the error of a later metadata refresh in place of the one that ended the request.
 */
export function sendFailure(error: unknown, requestLeft: boolean): SendFailure {
  const type = protocolErrorType(error);
  if (type !== undefined && refusedTypes.has(type)) return 'refused';
  if (!requestLeft) return 'not-written';
  if (type !== undefined && producerStateTypes.has(type)) return 'new-producer';
  // NOT_LEADER_FOR_PARTITION is not among these: leadership can move after the append, while replicas are waited for.
  if (type === 'NOT_ENOUGH_REPLICAS') return 'not-written';
  return 'in-doubt';
}

/** Whether a refusal says that the records were refused before as well. */
export function refusesContent(error: unknown): boolean {
  return refusedContentTypes.has(protocolErrorType(error) ?? '');
}

/** Kafka's own name of a protocol error, or undefined when the error is not one. */
export function protocolErrorType(error: unknown): string | undefined {
  const root = rootCause(error);
  return root?.name === 'KafkaJSProtocolError' ? root.type : undefined;
}
