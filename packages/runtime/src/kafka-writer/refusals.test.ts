import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { createRefusals } from './refusals.ts';
import { protocolError } from './testing/fake-brokers.ts';
import { stopClock } from './testing/stopped-clock.ts';

function refusalsAt(context: TestContext) {
  stopClock(context);
  const refusals = createRefusals();
  return {
    ...refusals,
    pass: (ms: number) => context.mock.timers.tick(ms),
    fail: (type: string) => refusals.failed('orders', protocolError(type)),
    fault: () => refusals.faultOf('orders'),
  };
}

for (const [type, words] of [
  ['TOPIC_AUTHORIZATION_FAILED', 'topic authorization failed'],
  ['CLUSTER_AUTHORIZATION_FAILED', 'cluster authorization failed'],
  ['NOT_ENOUGH_REPLICAS', 'not enough replicas'],
  ['INVALID_TIMESTAMP', 'invalid timestamp'],
  ['KAFKA_STORAGE_ERROR', 'kafka storage error'],
  ['POLICY_VIOLATION', 'policy violation'],
] as const)
  test(`${type} for a second is a fault that says "${words}"`, (context) => {
    const { fail, fault, pass } = refusalsAt(context);
    fail(type);
    assert.equal(fault(), undefined, 'another partition may have been written meanwhile');
    pass(1_000);
    assert.equal(fault(), `the brokers refuse every write: ${words}`);
  });

for (const type of [
  'MESSAGE_TOO_LARGE',
  'RECORD_LIST_TOO_LARGE',
  'INVALID_RECORD',
  'NOT_LEADER_FOR_PARTITION',
  'OUT_OF_ORDER_SEQUENCE_NUMBER',
])
  test(`${type} is not a refusal of every write`, (context) => {
    const { fail, fault, pass } = refusalsAt(context);
    fail(type);
    pass(1_000);
    assert.equal(fault(), undefined);
  });

test('one write ends it, also one beside a refusal in the same request, and only for its topic', (context) => {
  const { fail, failed, fault, faultOf, pass, written } = refusalsAt(context);
  const beside = Object.assign(protocolError('NOT_ENOUGH_REPLICAS'), {
    errorTypes: new Map([
      [0, 'NOT_ENOUGH_REPLICAS'],
      [1, undefined],
    ]),
  });
  for (const write of [() => written('orders'), () => failed('orders', beside)]) {
    fail('NOT_ENOUGH_REPLICAS');
    failed('other', protocolError('NOT_ENOUGH_REPLICAS'));
    pass(1_000);
    assert.notEqual(fault(), undefined);
    write();
    pass(1_000);
    assert.equal(fault(), undefined);
    assert.notEqual(faultOf('other'), undefined);
  }
});

test('refusals continue until 20 s after the last one, with its reason', (context) => {
  const { fail, fault, pass } = refusalsAt(context);
  fail('INVALID_TIMESTAMP');
  pass(19_999);
  fail('TOPIC_AUTHORIZATION_FAILED');
  assert.match(String(fault()), /topic authorization failed/);
  pass(19_999);
  assert.match(String(fault()), /topic authorization failed/);
  pass(1);
  assert.equal(
    fault(),
    undefined,
    'only a ready service receives an order that shows whether writes succeed again',
  );
  fail('TOPIC_AUTHORIZATION_FAILED');
  assert.equal(fault(), undefined, 'a new refusal');
  pass(1_000);
  assert.notEqual(fault(), undefined);
});
