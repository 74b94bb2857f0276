import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { IHeaders, KafkaMessage } from 'kafkajs';
import { sourcePosition } from './source-position.ts';

const positionOf = (headers: IHeaders | undefined) =>
  sourcePosition({ offset: '41', timestamp: '1000', headers } as KafkaMessage, 'orders', 3);

const own = { topic: 'orders', partition: 3, offset: 41n, timestamp: 1000n };

const rejected = {
  'orders.dlq.topic': Buffer.from('orders'),
  'orders.dlq.partition': Buffer.from('1'),
  'orders.dlq.offset': Buffer.from('9223372036854775807'),
  'orders.dlq.timestamp': Buffer.from('-1'),
};

test('S1-05 a record has its own position, unless it is a replayed dead letter', () => {
  assert.deepEqual(positionOf(undefined), own);
  assert.deepEqual(positionOf(rejected), own);
  assert.deepEqual(positionOf({ ...rejected, 'orders.dlq.replayed': '1' }), {
    topic: 'orders',
    partition: 1,
    offset: 2n ** 63n - 1n,
    timestamp: -1n,
  });
});

test('S1-05 the shortest and the longest name of a topic are names', () => {
  for (const topic of ['t', 't'.repeat(249)]) {
    const headers = { ...rejected, 'orders.dlq.replayed': '1', 'orders.dlq.topic': topic };
    assert.equal(positionOf(headers).topic, topic);
  }
});

test('S1-05 the lowest offset and partition, and the highest partition, count', () => {
  for (const [name, value] of [
    ['offset', 0],
    ['partition', 0],
    ['partition', 2_147_483_647],
  ] as const) {
    const header = { [`orders.dlq.${name}`]: String(value) };
    const position = positionOf({ ...rejected, 'orders.dlq.replayed': '1', ...header });
    assert.equal(Number(position[name]), value);
    assert.equal(position.timestamp, -1n);
  }
});

test('S1-05 of several headers of one name the last counts', () => {
  const headers = {
    ...rejected,
    'orders.dlq.replayed': ['1', '2'],
    'orders.dlq.partition': [Buffer.from('x'), Buffer.from('7')],
  };
  assert.equal(positionOf(headers).partition, 7);
});

test('S1-05 a replayed dead letter with a malformed header has its own position', () => {
  const malformed: [string, string | undefined][] = [
    ['topic', ''],
    ['topic', 'no topic'],
    ['topic', 't'.repeat(250)],
    ['topic', undefined],
    ['partition', '-1'],
    ['partition', '2147483648'],
    ['partition', '1.0'],
    ['offset', '-1'],
    ['offset', '9223372036854775808'],
    ['offset', ''],
    ['offset', undefined],
    ['timestamp', '-2'],
    ['timestamp', 'now'],
    ['timestamp', undefined],
  ];
  for (const [name, value] of malformed) {
    const headers = { ...rejected, 'orders.dlq.replayed': '1', [`orders.dlq.${name}`]: value };
    assert.deepEqual(positionOf(headers), own, `${name} ${value}`);
  }
});
