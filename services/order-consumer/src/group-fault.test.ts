import assert from 'node:assert/strict';
import { test } from 'node:test';
import { groupFault, readFault } from './group-fault.ts';

const protocolError = (type: string) =>
  Object.assign(new Error(type), { name: 'KafkaJSProtocolError', type });

test('F04 a refusal of the group is named by group and reason, with what to do', () => {
  const nonRetriable = Object.assign(
    new Error('wrapped', { cause: protocolError('GROUP_AUTHORIZATION_FAILED') }),
    { name: 'KafkaJSNonRetriableError' },
  );
  assert.match(
    String(groupFault(nonRetriable, 'g')?.message),
    /^the broker refuses the group g: GROUP_AUTHORIZATION_FAILED\. Allow this principal READ/,
  );
  for (const [type, remedy] of [
    ['INCONSISTENT_GROUP_PROTOCOL', /another program.*set another GROUP_ID/],
    ['INVALID_SESSION_TIMEOUT', /SESSION_TIMEOUT_MS .* group\.max\.session\.timeout\.ms/],
    ['GROUP_MAX_SIZE_REACHED', /group\.max\.size/],
    ['INVALID_GROUP_ID', /Set another GROUP_ID/],
  ] as const)
    assert.match(String(groupFault(protocolError(type), 'g')?.message), remedy);
});

test('errors that are not a refusal of the group stay as they are', () => {
  assert.equal(groupFault(protocolError('REBALANCE_IN_PROGRESS'), 'g'), undefined);
  assert.equal(groupFault(protocolError('TOPIC_AUTHORIZATION_FAILED'), 'g'), undefined);
  assert.equal(groupFault(new Error('connect ECONNREFUSED'), 'g'), undefined);
  assert.equal(groupFault(undefined, 'g'), undefined);
});

test('a topic that this principal may describe and not read is named with what to do', () => {
  const denied = new Error('wrapped', { cause: protocolError('TOPIC_AUTHORIZATION_FAILED') });
  denied.name = 'KafkaJSNonRetriableError';
  assert.equal(
    readFault(denied, ['a', 'b'])?.message,
    'the broker refuses to let this principal read all of a, b: TOPIC_AUTHORIZATION_FAILED. Allow READ on each topic (MSK IAM: kafka-cluster:ReadData)',
  );
  assert.equal(readFault(protocolError('GROUP_AUTHORIZATION_FAILED'), ['a']), undefined);
  assert.equal(readFault(new Error('closed'), ['a']), undefined);
});
