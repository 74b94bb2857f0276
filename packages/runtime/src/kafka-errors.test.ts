import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  AuthenticationError,
  authenticationFault,
  BrokerUnavailableError,
  OverloadedError,
  partitionFailure,
  protocolErrorType,
  rootCause,
  SendOutcomeUnknownError,
  SendRefusedError,
  sendFailure,
} from './kafka-errors.ts';

const protocolError = (type: string) =>
  Object.assign(new Error(type), { name: 'KafkaJSProtocolError', type });
const wrapped = (cause: Error) =>
  Object.assign(new Error('wrapped', { cause }), { name: 'KafkaJSNumberOfRetriesExceeded' });

test('the outcome is in doubt once a request was sent, unless the broker’s answer rules out a write', () => {
  const closed = Object.assign(new Error('closed'), { name: 'KafkaJSConnectionClosedError' });
  const refusedLater = Object.assign(new Error('connect ECONNREFUSED'), {
    name: 'KafkaJSConnectionError',
    code: 'ECONNREFUSED',
  });
  assert.equal(sendFailure(closed, true), 'in-doubt');
  assert.equal(sendFailure(refusedLater, true), 'in-doubt', 'a reconnect’s error hides the first');
  assert.equal(sendFailure(refusedLater, false), 'not-written');
  assert.equal(sendFailure(protocolError('LEADER_NOT_AVAILABLE'), true), 'in-doubt');
  assert.equal(sendFailure(protocolError('NOT_LEADER_FOR_PARTITION'), true), 'in-doubt');
  assert.equal(sendFailure(protocolError('KAFKA_STORAGE_ERROR'), true), 'in-doubt');
  assert.equal(sendFailure(protocolError('NOT_ENOUGH_REPLICAS'), true), 'not-written');
  assert.equal(sendFailure(protocolError('UNKNOWN_TOPIC_OR_PARTITION'), true), 'not-written');
  assert.equal(sendFailure(protocolError('NOT_ENOUGH_REPLICAS_AFTER_APPEND'), true), 'in-doubt');
  assert.equal(sendFailure(wrapped(protocolError('MESSAGE_TOO_LARGE')), true), 'refused');
  assert.equal(sendFailure(protocolError('OUT_OF_ORDER_SEQUENCE_NUMBER'), true), 'new-producer');
});

test('each partition of a request has the answer of its own, and one that was written is in doubt', () => {
  const error = Object.assign(protocolError('NOT_ENOUGH_REPLICAS'), {
    errorTypes: new Map([
      [0, 'NOT_ENOUGH_REPLICAS'],
      [1, undefined],
      [2, 'NOT_LEADER_FOR_PARTITION'],
      [3, 'MESSAGE_TOO_LARGE'],
    ]),
  });
  assert.deepEqual(
    [0, 1, 2, 3, 4].map((partition) => partitionFailure(wrapped(error), partition)),
    ['not-written', 'in-doubt', 'in-doubt', 'refused', 'in-doubt'],
  );
  assert.equal(partitionFailure(protocolError('NOT_ENOUGH_REPLICAS'), 0), 'in-doubt');
});

test('a rejected token, which kafkajs reports as a SASL state, is an authentication error', () => {
  const fault = authenticationFault(wrapped(protocolError('ILLEGAL_SASL_STATE')));
  assert.ok(fault instanceof AuthenticationError);
  assert.match(fault.message, /rejected the credentials/);
  assert.equal(authenticationFault(protocolError('NOT_ENOUGH_REPLICAS')), undefined);
});

test('each error has its name and code, says whether a retry can help, and keeps its cause', () => {
  const cause = new Error('cause');
  const errors = [
    new AuthenticationError('m', cause),
    new BrokerUnavailableError('m', cause),
    new SendOutcomeUnknownError('m', cause),
    new SendRefusedError('INVALID_RECORD', 'm', cause),
    new OverloadedError(),
  ];
  assert.deepEqual(
    errors.map(({ name, code, retryable }) => [name, code, retryable]),
    [
      ['AuthenticationError', 'authentication', true],
      ['BrokerUnavailableError', 'broker-unavailable', true],
      ['SendOutcomeUnknownError', 'outcome-unknown', true],
      ['SendRefusedError', 'refused', false],
      ['OverloadedError', 'overloaded', true],
    ],
  );
  for (const error of errors.slice(0, 4))
    assert.deepEqual([error.message, error.cause], ['m', cause]);
});

for (const [type, isTooLarge] of [
  ['MESSAGE_TOO_LARGE', true],
  ['RECORD_LIST_TOO_LARGE', true],
  ['INVALID_TIMESTAMP', false],
  ['INVALID_RECORD', false],
  ['INVALID_TOPIC_EXCEPTION', false],
  ['TOPIC_AUTHORIZATION_FAILED', false],
  ['CLUSTER_AUTHORIZATION_FAILED', false],
  ['UNSUPPORTED_FOR_MESSAGE_FORMAT', false],
] as const)
  test(`${type} is a refusal, sent or not`, () => {
    assert.equal(sendFailure(protocolError(type), true), 'refused');
    assert.equal(sendFailure(protocolError(type), false), 'refused');
    assert.equal(new SendRefusedError(type, '').reason, type);
    assert.equal(new SendRefusedError(type, '').isTooLarge, isTooLarge);
  });

for (const type of [
  'OUT_OF_ORDER_SEQUENCE_NUMBER',
  'DUPLICATE_SEQUENCE_NUMBER',
  'UNKNOWN_PRODUCER_ID',
  'INVALID_PRODUCER_EPOCH',
])
  test(`${type} needs a new producer id, unless no request was sent`, () => {
    assert.equal(sendFailure(protocolError(type), true), 'new-producer');
    assert.equal(sendFailure(protocolError(type), false), 'not-written');
  });

test('the error below two wrappers counts, and a wrapper without a cause is itself', () => {
  const inner = protocolError('NOT_ENOUGH_REPLICAS');
  const middle = Object.assign(new Error('', { cause: inner }), {
    name: 'KafkaJSNonRetriableError',
  });
  assert.equal(rootCause(wrapped(middle)), inner);
  assert.equal(protocolErrorType(wrapped(middle)), 'NOT_ENOUGH_REPLICAS');
  const bare = Object.assign(new Error('bare'), { name: 'KafkaJSNonRetriableError' });
  assert.equal(rootCause(bare), bare);
  const other = new Error('other', { cause: inner });
  assert.equal(rootCause(other), other);
  assert.equal(protocolErrorType(other), undefined);
  for (const nothing of [undefined, null]) {
    assert.equal(protocolErrorType(nothing), undefined);
    assert.equal(authenticationFault(nothing), undefined);
  }
});

test('every form of rejected credentials is an authentication error, and one that is there already stays', () => {
  const known = new AuthenticationError('known');
  assert.equal(authenticationFault(wrapped(known)), known);
  const sasl = Object.assign(new Error('bad secret'), { name: 'KafkaJSSASLAuthenticationError' });
  for (const error of [sasl, protocolError('SASL_AUTHENTICATION_FAILED')]) {
    const fault = authenticationFault(error);
    assert.ok(fault instanceof AuthenticationError);
    assert.equal(fault.cause, error);
    assert.match(fault.message, /bad secret|SASL_AUTHENTICATION_FAILED/);
  }
});
