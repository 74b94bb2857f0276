import type { FailureClass } from '../../failure-class.ts';

/** An object that this consumer did not store is where a file of the partition must be, or where its offsets would be. */
export class ForeignObjectError extends Error {
  readonly code = 'foreign-object';
  readonly retryable = true;

  constructor(url: string, found: string) {
    super(
      `${url}: expected a file of this topic and partition, got ${found}. Move the object to another place, or set S3_PREFIX to an empty folder`,
    );
    this.name = 'ForeignObjectError';
  }
}

/** S3 refused to overwrite an object, and then had no such object. Another attempt decides. */
export class UnconfirmedObjectError extends Error {
  readonly code = 'unconfirmed-object';
  readonly retryable = true;

  constructor(url: string) {
    super(`${url}: S3 answers that the object exists, and that it does not`);
    this.name = 'UnconfirmedObjectError';
  }
}

/** By the error code of S3, as its API reference lists them. Other codes are classed by their HTTP status. */
const classes: Record<string, FailureClass> = {
  SlowDown: 'throttled',
  Throttling: 'throttled',
  ThrottlingException: 'throttled',
  RequestLimitExceeded: 'throttled',
  TooManyRequests: 'throttled',
  ServiceUnavailable: 'throttled',
  // An operator creates the bucket, or corrects the name or the region: the records wait.
  NoSuchBucket: 'transient',
  PermanentRedirect: 'transient',
  AuthorizationHeaderMalformed: 'transient',
  IllegalLocationConstraintException: 'transient',
  // The body was damaged or cut on its way.
  BadDigest: 'transient',
  XAmzContentChecksumMismatch: 'transient',
  IncompleteBody: 'transient',
  RequestTimeout: 'transient',
  OperationAborted: 'transient',
  ConditionalRequestConflict: 'transient',
  // S3 answers most of these with 400.
  ExpiredToken: 'unauthorised',
  InvalidToken: 'unauthorised',
  TokenRefreshRequired: 'unauthorised',
  InvalidAccessKeyId: 'unauthorised',
  // Of the SDK, before a request is sent.
  CredentialsProviderError: 'unauthorised',
  TokenProviderError: 'unauthorised',
};

/**
 * What a failed request to S3 means. An error that no row names and no status classes is `transient`: the partition waits, and its
 * readiness names the error.
 */
export function s3FailureClass(error: unknown): FailureClass {
  if (error instanceof ForeignObjectError) return 'rejected';
  const { name, $metadata } = error as Error & { $metadata?: { httpStatusCode?: number } };
  if (Object.hasOwn(classes, name)) return classes[name] as FailureClass;
  const status = $metadata?.httpStatusCode;
  if (status !== undefined) return classOfStatus(status);
  return isBug(error) ? 'bug' : 'transient';
}

function classOfStatus(status: number): FailureClass {
  if (status === 503 || status === 429) return 'throttled';
  if (status === 401 || status === 403) return 'unauthorised';
  if (status === 408 || status === 409) return 'transient';
  return status >= 400 && status < 500 ? 'rejected' : 'transient';
}

/** The SDK adds the response to an error that it threw while it read one. */
function isBug(error: unknown): boolean {
  const isProgramming =
    error instanceof TypeError || error instanceof RangeError || error instanceof ReferenceError;
  return isProgramming && !('$response' in error) && !('code' in error);
}
