import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createTopicCheck } from './topic-check.ts';

test('F07 a topic can be read when it and its dead-letter topic exist, whatever else is missing', async () => {
  const existing = new Set(['a', 'a.dlq', 'b']);
  let fault: string | undefined;
  let count: number | undefined;
  const check = createTopicCheck({
    writer: {
      refresh: async (topics) => new Set(topics.filter((topic) => existing.has(topic))),
      partitionCount: () => 2,
    },
    deadLetterTopics: new Map([
      ['a', 'a.dlq'],
      ['b', 'b.dlq'],
      ['c', 'a.dlq'],
    ]),
    health: {
      need: (_need, found) => {
        fault = found;
      },
    },
    metrics: {
      missingTopics: (found) => {
        count = found;
      },
    },
  });
  assert.deepEqual(check.readable(), []);
  assert.deepEqual(await check.check(), ['c', 'b.dlq']);
  assert.deepEqual(check.readable(), ['a']);
  assert.equal(fault, 'missing topics: c, b.dlq');
  assert.equal(count, 2);
  assert.equal(check.partitionCount('b'), 2);
  assert.equal(check.partitionCount('c'), undefined);

  existing.add('b.dlq').add('c');
  assert.deepEqual(await check.check(), []);
  assert.deepEqual(check.readable(), ['a', 'b', 'c']);
  assert.equal(fault, undefined);
  assert.equal(count, 0);
});

test('F06 a topic that the principal may not describe is named and does not stop the others; an unreachable broker is a throw', async () => {
  let fault: string | undefined;
  let count: number | undefined;
  let failure = Object.assign(new Error('denied'), {
    name: 'KafkaJSProtocolError',
    type: 'TOPIC_AUTHORIZATION_FAILED',
  });
  const check = createTopicCheck({
    writer: {
      refresh: async ([topic = '']) => {
        if (topic.startsWith('b')) throw failure;
        return new Set(topic === 'c' ? [] : [topic]);
      },
      partitionCount: () => 2,
    },
    deadLetterTopics: new Map(['a', 'b', 'c'].map((topic) => [topic, `${topic}.dlq`])),
    health: {
      need: (_need, found) => {
        fault = found;
      },
    },
    metrics: {
      missingTopics: (found) => {
        count = found;
      },
    },
  });
  assert.deepEqual(await check.check(), ['c', 'b', 'b.dlq']);
  assert.equal(
    fault,
    'missing topics: c; topics that are missing, or that the broker does not allow this principal to describe: b, b.dlq',
  );
  assert.equal(count, 3);
  assert.deepEqual(check.readable(), ['a']);
  assert.equal(check.partitionCount('b'), undefined);

  failure = Object.assign(new Error('closed'), { name: 'KafkaJSConnectionError', type: '' });
  await assert.rejects(check.check(), /closed/);
  assert.deepEqual(check.readable(), ['a'], 'the last answer stays');
});
