import assert from 'node:assert/strict';
import { test } from 'node:test';
import { failureClassOf, isConditionFailure, TableKeyError, withoutContent } from './failure.ts';
import { ItemRejectedError } from './item-rejected.ts';

const serviceError = (name: string, httpStatusCode = 400, message = name) =>
  Object.assign(new Error(message), { name, $fault: 'client', $metadata: { httpStatusCode } });

test('S1-05 only a fault of the item rejects a record; all else waits', () => {
  const rows: [unknown, string][] = [
    [serviceError('ValidationException'), 'rejected'],
    [new ItemRejectedError('/x: …'), 'rejected'],
    [serviceError('ProvisionedThroughputExceededException'), 'throttled'],
    [serviceError('ThrottlingException'), 'throttled'],
    [serviceError('RequestLimitExceeded'), 'throttled'],
    [serviceError('SlowDown', 429), 'throttled'],
    [serviceError('AccessDeniedException'), 'unauthorised'],
    [serviceError('UnrecognizedClientException'), 'unauthorised'],
    [serviceError('ExpiredTokenException'), 'unauthorised'],
    [serviceError('InvalidSignatureException'), 'unauthorised'],
    [serviceError('CredentialsProviderError', undefined), 'unauthorised'],
    [serviceError('SomethingNew', 403), 'unauthorised'],
    [serviceError('SomethingNew', 401), 'unauthorised'],
    [serviceError('ResourceNotFoundException'), 'transient'],
    [serviceError('TransactionConflictException'), 'transient'],
    [serviceError('InternalServerError', 500), 'transient'],
    [serviceError('ServiceUnavailable', 503), 'transient'],
    // A client's fault that AWS adds one day.
    [serviceError('SomethingNew', 400), 'transient'],
    [Object.assign(new Error('connect'), { code: 'ECONNREFUSED' }), 'transient'],
    [Object.assign(new Error('timeout'), { name: 'TimeoutError' }), 'transient'],
    [Object.assign(new TypeError('fetch failed'), { code: 'UND_ERR' }), 'transient'],
    // The SDK could not read an answer, such as the page of a proxy.
    [Object.assign(new TypeError('x'), { $response: {} }), 'transient'],
    [new TableKeyError('orders', 'order_id', undefined), 'transient'],
    [new TypeError('x is not a function'), 'bug'],
    [new RangeError('out of range'), 'bug'],
  ];
  for (const [error, expected] of rows)
    assert.equal(failureClassOf(error), expected, (error as Error).name);
  assert.ok(isConditionFailure(serviceError('ConditionalCheckFailedException')));
  assert.ok(!isConditionFailure(serviceError('ValidationException')));
});

test('S1-05 a refusal of the item loses the content that DynamoDB quotes, and a wrong table is no refusal', () => {
  const refused = (message: string) =>
    withoutContent(
      serviceError('ValidationException', 400, message),
      'orders',
      'order_id',
    ) as Error;
  const mismatch =
    'One or more parameter values were invalid: Type mismatch for key order_id expected: N actual: S';
  assert.equal(
    refused(mismatch).message,
    '/order_id: expected the type of the key of table orders',
  );
  assert.equal(
    refused('The provided key element does not match the schema').message,
    '/order_id: expected the type of the key of table orders',
  );
  assert.equal(
    refused('Item size has exceeded the maximum allowed size').message,
    'the value: expected a smaller item',
  );
  const quoting = 'The parameter cannot be converted to a numeric value: secret';
  assert.equal(refused(quoting).message, 'the value: table orders refuses the item as invalid');
  for (const message of [mismatch, quoting]) {
    assert.ok(refused(message) instanceof ItemRejectedError);
    assert.equal(refused(message).cause, undefined);
  }
  const missing = 'One or more parameter values were invalid: Missing the key id in the item';
  assert.ok(refused(missing) instanceof TableKeyError);
  assert.equal(refused(missing).name, 'TableKeyError');
  assert.equal((refused(missing) as TableKeyError).retryable, true);
  assert.equal(failureClassOf(refused(missing)), 'transient');
  const other = serviceError('ThrottlingException');
  assert.equal(withoutContent(other, 'orders', 'order_id'), other);
});
