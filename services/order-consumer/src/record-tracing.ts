import { type Tracing, traceContextOf } from '@order-stream/runtime';
import type { AcknowledgedRun } from './batch-processor.ts';

/**
 * One span per record, a child of the span named in the record's headers. It lasts from the start of decoding until the record
 * is durable in the sink or on the dead-letter topic. Names follow OpenTelemetry's semantic conventions for messaging.
 */
export function createRecordTracing(tracing: Tracing, groupId: string) {
  return ({ topic, partition, records, refusals, startedAt }: AcknowledgedRun): void => {
    const reasons = new Map(refusals.map(({ record, reason }) => [record, reason]));
    for (const record of records) {
      const work = tracing.begin(`process ${topic}`, {
        kind: 'consumer',
        parent: traceContextOf(record.headers),
        startedAt,
        attributes: {
          'messaging.system': 'kafka',
          'messaging.operation.name': 'process',
          'messaging.operation.type': 'process',
          'messaging.destination.name': topic,
          'messaging.destination.partition.id': String(partition),
          'messaging.consumer.group.name': groupId,
          'messaging.kafka.offset': Number(record.offset),
        },
      });
      const reason = reasons.get(record);
      work.end({ 'orders.outcome': reason ? 'dead-lettered' : 'delivered' }, reason);
    }
  };
}
