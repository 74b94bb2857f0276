import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  BrokerUnavailableError,
  createLogger,
  partitionFor,
  SendRefusedError,
} from '@order-stream/runtime';
import { DamagedFrameError } from '@order-stream/serde';
import type { KafkaMessage } from 'kafkajs';
import {
  createDeadLetterSender,
  DeadLetterTooLargeError,
  DeadLetterTopicError,
  deadLetterRecord,
} from './dead-letter.ts';
import type { Refusal } from './refusal.ts';

const record: KafkaMessage = {
  key: Buffer.from([0xff, 0x00]),
  value: Buffer.from([3, 0, 1, 2]),
  timestamp: '1680745813045',
  offset: '9007199254740993',
  attributes: 0,
  headers: { traceparent: Buffer.from('00-1'), twice: [Buffer.from('a'), Buffer.from([0xfe])] },
};
const refusal: Refusal = {
  record,
  reason: 'undecodable',
  error: new DamagedFrameError('truncated-body', '53263c42-81b3-4a53-8067-fcdb44fa5479'),
};
const origin = {
  topic: 'orders',
  partition: 3,
  groupId: 'orders-group-01',
  serviceVersion: '1.2.3',
};

test('a dead letter has the key, value and headers byte for byte, and headers with its reason and origin', () => {
  const letter = deadLetterRecord(refusal, origin, 1_700_000_000_000);
  assert.equal(letter.key, record.key);
  assert.equal(letter.value, record.value);
  assert.equal(letter.timestampMs, 1_700_000_000_000);
  assert.deepEqual(letter.headers, {
    traceparent: Buffer.from('00-1'),
    twice: [Buffer.from('a'), Buffer.from([0xfe])],
    'orders.dlq.reason': 'undecodable',
    'orders.dlq.error-class': 'DamagedFrameError',
    'orders.dlq.error-message': 'damaged frame: truncated-body',
    'orders.dlq.topic': 'orders',
    'orders.dlq.partition': '3',
    'orders.dlq.offset': '9007199254740993',
    'orders.dlq.timestamp': '1680745813045',
    'orders.dlq.consumer-group': 'orders-group-01',
    'orders.dlq.attempts': '1',
    'orders.dlq.schema-version-id': '53263c42-81b3-4a53-8067-fcdb44fa5479',
    'orders.dlq.service-version': '1.2.3',
    '__connect.errors.topic': 'orders',
    '__connect.errors.partition': '3',
    '__connect.errors.offset': '9007199254740993',
    '__connect.errors.stage': 'VALUE_CONVERTER',
    '__connect.errors.exception.class.name': 'DamagedFrameError',
    '__connect.errors.exception.message': 'damaged frame: truncated-body',
  });
});

test('headers with null values or any name are unchanged', () => {
  const odd = JSON.parse('{"__proto__":"a","none":null,"some":[null,"b"],"orders.dlq.topic":null}');
  const { headers } = deadLetterRecord(
    { ...refusal, record: { ...record, headers: odd } },
    origin,
    0,
  );
  const { none, some, ['__proto__']: proto } = Object.fromEntries(Object.entries(headers ?? {}));
  assert.deepEqual(
    [none, some, headers?.['orders.dlq.topic']],
    [null, [null, 'b'], [null, 'orders']],
  );
  assert.ok(Object.hasOwn(headers ?? {}, '__proto__'));
  assert.equal(proto, 'a');
});

test('headers of an earlier dead letter are kept, and new ones come last', () => {
  const replayed = { ...record, headers: { 'orders.dlq.offset': Buffer.from('7') } };
  const { headers } = deadLetterRecord({ ...refusal, record: replayed }, origin, 0);
  assert.deepEqual(headers?.['orders.dlq.offset'], [Buffer.from('7'), '9007199254740993']);
});

test('a dead letter omits the message of an unexpected error, which may quote the value', () => {
  const bug: Refusal = { record, reason: 'bug', error: new SyntaxError('Cannot convert 4711') };
  const text = JSON.stringify(deadLetterRecord(bug, origin, 0).headers);
  assert.ok(!text.includes('4711'));
});

function sending(
  counts: Record<string, number>,
  answer: (record: { value: Buffer | null }) => Promise<bigint> = async () => 0n,
) {
  const sent: { topic: string; partition: number }[] = [];
  const reasons: string[] = [];
  const send = createDeadLetterSender({
    writer: {
      append(topic, partition, record, deadline, written, failed) {
        assert.ok(deadline > performance.now() && deadline <= performance.now() + 10_000);
        sent.push({ topic, partition });
        answer(record).then(written, failed);
      },
    },
    deadLetterTopicOf: (topic) => `${topic}.dlq`,
    partitionCount: (topic) => counts[topic],
    groupId: 'g',
    serviceVersion: '1',
    logger: createLogger({ name: 'test', level: 'silent' }),
    onSent: ({ reason }) => reasons.push(reason),
  });
  return { send, sent, reasons };
}

test('a dead letter keeps its partition if both topics have the same number, else the key determines it', async () => {
  const same = sending({ orders: 6, 'orders.dlq': 6 });
  await same.send('orders', 3, refusal);
  assert.deepEqual(same.sent, [{ topic: 'orders.dlq', partition: 3 }]);

  const fewer = sending({ orders: 6, 'orders.dlq': 2 });
  await fewer.send('orders', 3, refusal);
  assert.equal(fewer.sent[0]?.partition, partitionFor(record.key as Buffer, 2));
  await fewer.send('orders', 3, { ...refusal, record: { ...record, key: null } });
  assert.equal(fewer.sent[1]?.partition, 1);
});

test('a failed write throws, and no record counts as sent', async () => {
  const { send, reasons } = sending({ orders: 6, 'orders.dlq': 6 }, () =>
    Promise.reject(new BrokerUnavailableError('not connected')),
  );
  await assert.rejects(send('orders', 0, refusal), DeadLetterTopicError);
  assert.deepEqual(reasons, []);
});

test('the error names a record that is too large for the dead-letter topic, and no record counts as sent', async () => {
  const { send, sent, reasons } = sending({ orders: 6, 'orders.dlq': 6 }, async ({ value }) => {
    if ((value?.length ?? 0) < 250_000) return 0n;
    throw new SendRefusedError('MESSAGE_TOO_LARGE', 'too large');
  });
  const sized = (bytes: number, offset: string) => ({
    ...refusal,
    record: { ...record, offset, value: Buffer.alloc(bytes) },
  });
  await assert.rejects(send('orders', 3, sized(300_000, '4711')), (error: Error) => {
    assert.ok(error instanceof DeadLetterTooLargeError);
    assert.match(error.message, /orders\.dlq refuses orders\/3 offset 4711, about 30\d{4} bytes/);
    assert.equal(error.code, 'dead-letter-too-large');
    return true;
  });
  assert.equal(sent.length, 1);
  assert.deepEqual(reasons, []);
  await send('orders', 3, sized(200_000, '1'));
  assert.deepEqual(reasons, ['undecodable']);
});

test('a dead letter names the sink that refused the record', () => {
  const { headers } = deadLetterRecord({ ...refusal, sink: 'dynamodb' }, origin, 0);
  assert.equal(headers?.['orders.dlq.sink'], 'dynamodb');
  assert.ok(!('orders.dlq.sink' in (deadLetterRecord(refusal, origin, 0).headers ?? {})));
});
