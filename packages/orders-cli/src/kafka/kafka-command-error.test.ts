import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AuthenticationError } from '@order-stream/runtime';
import { commandErrorOf, KafkaCommandError } from './kafka-command-error.ts';

const ofClient = (name: string, message: string, members: object = {}) =>
  Object.assign(new Error(message), { name, ...members });

test('an error of the client is one line with the brokers and the first cause', () => {
  const refused = ofClient('KafkaJSConnectionError', 'connect ECONNREFUSED', { broker: 'a:1' });
  const wrapped = ofClient('KafkaJSNumberOfRetriesExceeded', 'retries', { cause: refused });
  const error = commandErrorOf(wrapped, ['a:1', 'b:2']);
  assert.ok(error instanceof KafkaCommandError);
  assert.equal(error.message, 'a:1,b:2: connect ECONNREFUSED');
  assert.equal(error.cause, wrapped);
});

test('rejected credentials name the brokers, and errors of this project and of a bug are unchanged', () => {
  const rejected = commandErrorOf(new AuthenticationError('wrong password'), ['a:1']);
  assert.equal((rejected as Error).message, 'a:1: wrong password');
  for (const other of [
    new TypeError('a bug'),
    Object.assign(new Error('own'), { code: 'missing-topic', retryable: false }),
  ])
    assert.equal(commandErrorOf(other, ['a:1']), other);
});
