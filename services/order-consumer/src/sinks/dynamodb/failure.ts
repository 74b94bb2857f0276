// What errors of DynamoDB and of the AWS SDK mean. Nothing else reads their names.

import type { FailureClass } from '../../failure-class.ts';
import { ItemRejectedError } from './item-rejected.ts';

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html, and the errors of the signature check */
const classes = new Map<string, FailureClass>([
  ['ProvisionedThroughputExceededException', 'throttled'],
  ['RequestLimitExceeded', 'throttled'],
  ['ThrottlingException', 'throttled'],
  ['Throttling', 'throttled'],
  ['LimitExceededException', 'throttled'],
  ['KMSThrottlingException', 'throttled'],
  ['TooManyRequestsException', 'throttled'],
  ['AccessDeniedException', 'unauthorised'],
  ['AccessDenied', 'unauthorised'],
  ['CredentialsProviderError', 'unauthorised'],
  ['ExpiredToken', 'unauthorised'],
  ['ExpiredTokenException', 'unauthorised'],
  ['IncompleteSignatureException', 'unauthorised'],
  ['InvalidClientTokenId', 'unauthorised'],
  ['InvalidIdentityToken', 'unauthorised'],
  ['InvalidSignatureException', 'unauthorised'],
  ['MissingAuthenticationTokenException', 'unauthorised'],
  ['OptInRequired', 'unauthorised'],
  ['SignatureDoesNotMatch', 'unauthorised'],
  ['TokenProviderError', 'unauthorised'],
  ['UnrecognizedClientException', 'unauthorised'],
  // The table may be created, or its name corrected: nothing is wrong with the record.
  ['ResourceNotFoundException', 'transient'],
  ['TransactionConflictException', 'transient'],
  ['ReplicatedWriteConflictException', 'transient'],
  ['ValidationException', 'rejected'],
]);

/**
 * An error that no row names is `transient`: the partition waits, and its readiness names the error. Only a validation of the item
 * itself rejects a record. Otherwise, a new error of AWS would empty the topic into the dead-letter topic.
 */
export function failureClassOf(error: unknown): FailureClass {
  if (error instanceof ItemRejectedError) return 'rejected';
  const { name, $metadata } = error as Error & { $metadata?: { httpStatusCode?: number } };
  const named = classes.get(name);
  if (named !== undefined) return named;
  const status = $metadata?.httpStatusCode;
  if (status === 429) return 'throttled';
  if (status === 401 || status === 403) return 'unauthorised';
  return isBug(error) ? 'bug' : 'transient';
}

/** The SDK adds the response to an error that it threw while it read one. */
function isBug(error: unknown): boolean {
  const isProgramming =
    error instanceof TypeError || error instanceof RangeError || error instanceof ReferenceError;
  return isProgramming && !('$metadata' in error) && !('$response' in error) && !('code' in error);
}

/** Whether the item has a version that the write does not replace. */
export function isConditionFailure(error: unknown): boolean {
  return (error as Error).name === 'ConditionalCheckFailedException';
}

/** The table has another key than `DYNAMODB_KEY`: no record can be stored, and none is at fault. */
export class TableKeyError extends Error {
  readonly code = 'table-key';
  readonly retryable = true;

  constructor(table: string, key: string, cause: unknown) {
    super(
      `table ${table}: expected a partition key named ${key} and no sort key; set DYNAMODB_KEY or use another table`,
      { cause },
    );
    this.name = 'TableKeyError';
  }
}

/**
 * Replaces an error by which DynamoDB refuses an item: its message can quote the item. The sentences are DynamoDB's own.
 *
 * @param key name of the key attribute, which every item has
 */
export function withoutContent(error: unknown, table: string, key: string): unknown {
  const { name, message } = error as Error;
  if (name !== 'ValidationException') return error;
  if (/missing the key/i.test(message)) return new TableKeyError(table, key, error);
  const problem = /type mismatch for key|key element does not match the schema/i.test(message)
    ? `/${key}: expected the type of the key of table ${table}`
    : /item size/i.test(message)
      ? 'the value: expected a smaller item'
      : `the value: table ${table} refuses the item as invalid`;
  return new ItemRejectedError(problem);
}
