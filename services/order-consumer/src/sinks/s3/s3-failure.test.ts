import assert from 'node:assert/strict';
import { test } from 'node:test';
import { S3ServiceException } from '@aws-sdk/client-s3';
import { ForeignObjectError, s3FailureClass, UnconfirmedObjectError } from './s3-failure.ts';

const answered = (name: string, httpStatusCode: number) =>
  new S3ServiceException({ name, $fault: 'server', $metadata: { httpStatusCode } });
const withCode = (code: string) => Object.assign(new Error('x'), { code });

const rows: [unknown, string][] = [
  [answered('SlowDown', 503), 'throttled'],
  [answered('ServiceUnavailable', 503), 'throttled'],
  [answered('503', 503), 'throttled'],
  [answered('Anything', 429), 'throttled'],
  [answered('InternalError', 500), 'transient'],
  // CompleteMultipartUpload can answer with 200 and an error in the body.
  [answered('InternalError', 200), 'transient'],
  [answered('BadGateway', 502), 'transient'],
  [answered('RequestTimeout', 400), 'transient'],
  [answered('BadDigest', 400), 'transient'],
  [answered('ConditionalRequestConflict', 409), 'transient'],
  [answered('NoSuchBucket', 404), 'transient'],
  [answered('PermanentRedirect', 301), 'transient'],
  [answered('AccessDenied', 403), 'unauthorised'],
  [answered('Forbidden', 403), 'unauthorised'],
  [answered('RequestTimeTooSkewed', 403), 'unauthorised'],
  [answered('ExpiredToken', 400), 'unauthorised'],
  [answered('InvalidRequest', 400), 'rejected'],
  [answered('EntityTooSmall', 400), 'rejected'],
  [answered('constructor', 400), 'rejected'],
  [
    Object.assign(new Error('no credentials'), { name: 'CredentialsProviderError' }),
    'unauthorised',
  ],
  [Object.assign(new Error('slow'), { name: 'TimeoutError' }), 'transient'],
  [withCode('ECONNRESET'), 'transient'],
  [withCode('ENOTFOUND'), 'transient'],
  [withCode('CERT_HAS_EXPIRED'), 'transient'],
  [new Error('Region is missing'), 'transient'],
  [Object.assign(new TypeError('invalid XML'), { $response: {} }), 'transient'],
  [new TypeError('x is not a function'), 'bug'],
  [new RangeError('y'), 'bug'],
  [new ForeignObjectError('s3://b/k', 'x'), 'rejected'],
  [new UnconfirmedObjectError('s3://b/k'), 'transient'],
];

test('each failure has its class', () => {
  for (const [error, failureClass] of rows)
    assert.equal(s3FailureClass(error), failureClass, `${(error as Error).name} ${error}`);
});
