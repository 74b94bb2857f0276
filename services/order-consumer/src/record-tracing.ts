import { offsetAttribute, type Tracing, traceContextOf } from '@order-stream/runtime';
import type { KafkaMessage } from 'kafkajs';
import type { RefusalReason } from './refusal.ts';

export type RecordTracing = ReturnType<typeof createRecordTracing>;

/**
 * Records one span per record, a child of the span named in the record's headers. It lasts from the start of decoding until the
 * record is durable in every sink or on the dead-letter topic. Names follow OpenTelemetry's semantic conventions for messaging.
 */
export function createRecordTracing(tracing: Tracing, groupId: string) {
  /** @returns ends the spans; `reasonOf` tells why a record became a dead letter */
  return ({
    topic,
    partition,
    records,
    startedAt,
  }: {
    topic: string;
    partition: number;
    records: readonly KafkaMessage[];
    startedAt: number;
  }): ((reasonOf: (offset: string) => RefusalReason | undefined) => void) => {
    // Neither the records nor spans, which take ten times as much: a sink may collect records for a minute.
    const begun = records.map(({ offset, headers }) => ({
      offset,
      parent: traceContextOf(headers),
    }));
    return (reasonOf) => {
      for (const { offset, parent } of begun) {
        const work = tracing.begin(`process ${topic}`, {
          kind: 'consumer',
          parent,
          startedAt,
          attributes: {
            'messaging.system': 'kafka',
            'messaging.operation.name': 'process',
            'messaging.operation.type': 'process',
            'messaging.destination.name': topic,
            'messaging.destination.partition.id': String(partition),
            'messaging.consumer.group.name': groupId,
            'messaging.kafka.offset': offsetAttribute(offset),
          },
        });
        const reason = reasonOf(offset);
        work.end({ 'orders.outcome': reason ? 'dead-lettered' : 'delivered' }, reason);
      }
    };
  };
}
