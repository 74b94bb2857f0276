import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AuthenticationError, authenticationFault, sendFailure } from './kafka-errors.ts';

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
  assert.equal(sendFailure(protocolError('NOT_ENOUGH_REPLICAS'), true), 'not-written');
  assert.equal(sendFailure(protocolError('NOT_ENOUGH_REPLICAS_AFTER_APPEND'), true), 'in-doubt');
  assert.equal(sendFailure(wrapped(protocolError('MESSAGE_TOO_LARGE')), true), 'refused');
  assert.equal(sendFailure(protocolError('OUT_OF_ORDER_SEQUENCE_NUMBER'), true), 'new-producer');
});

test('a rejected token, which kafkajs reports as a SASL state, is an authentication error', () => {
  const fault = authenticationFault(wrapped(protocolError('ILLEGAL_SASL_STATE')));
  assert.ok(fault instanceof AuthenticationError);
  assert.match(fault.message, /rejected the credentials/);
  assert.equal(authenticationFault(protocolError('NOT_ENOUGH_REPLICAS')), undefined);
});
