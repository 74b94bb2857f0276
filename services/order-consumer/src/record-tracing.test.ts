import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Tracing } from '@order-stream/runtime';
import type { KafkaMessage } from 'kafkajs';
import { createRecordTracing } from './record-tracing.ts';

test('the span of each record has its exact offset, and the reason of a refused one', () => {
  const spans: unknown[] = [];
  const tracing: Tracing = {
    begin: (_name, { attributes }) => ({
      context: { traceparent: '' },
      end: (ended, errorType) =>
        spans.push([attributes?.['messaging.kafka.offset'], ended?.['orders.outcome'], errorType]),
    }),
    close: async () => {},
  };
  const records = ['41', '9007199254740993'].map((offset) => ({ offset }) as KafkaMessage);
  const run = { topic: 'orders', partition: 0, records, startedAt: 0 };
  const end = createRecordTracing(tracing, 'group')(run);
  assert.deepEqual(spans, []);
  end((offset) => (offset === '41' ? 'rejected' : undefined));
  assert.deepEqual(spans, [
    [41, 'dead-lettered', 'rejected'],
    ['9007199254740993', 'delivered', undefined],
  ]);
});
