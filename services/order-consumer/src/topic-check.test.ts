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
