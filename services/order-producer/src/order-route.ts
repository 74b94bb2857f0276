import { randomUUID } from 'node:crypto';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import {
  type KafkaWriter,
  offsetAttribute,
  type TracedWork,
  type Tracing,
  traceContextOf,
} from '@order-stream/runtime';
import type { FastifyReply } from 'fastify';
import type { OrderEncoder } from './order-encoder.ts';
import { toOrderEvent } from './order-event.ts';
import { type OrderReceipt, orderReceiptSchema, orderRequestSchema } from './order-request.ts';
import type { WritePath } from './write-path.ts';

/**
 * `POST /orders`: answers 201 only after the brokers acknowledged with acks=all. Errors are thrown, and the application's
 * error handler answers them.
 */
export function orderRoute(options: {
  topic: string;
  writePath: WritePath;
  encoder: OrderEncoder;
  writer: Pick<KafkaWriter, 'append'>;
  requestTimeoutMs: number;
  tracing?: Tracing | undefined;
}): FastifyPluginAsyncTypebox {
  const { topic, writePath, encoder, writer, tracing } = options;
  return async (app) => {
    app.post(
      '/orders',
      { schema: { body: orderRequestSchema, response: { 201: orderReceiptSchema } } },
      // Callbacks instead of a promise, which would be a large part of an order's cost.
      (request, reply) => {
        const acceptedAtMs = Date.now();
        const deadline = performance.now() + options.requestTimeoutMs;
        const { partitionCount } = writePath.open();
        const event = toOrderEvent(request.body, acceptedAtMs, randomUUID);
        const sending = tracing && beginSend(tracing, topic, request.traced);
        const trace = sending?.context ?? traceContextOf(request.headers);
        const encoded = encoder.encode(event, partitionCount, acceptedAtMs, trace);
        const { partition, record, schemaVersionId } = encoded;
        writer.append(
          topic,
          partition,
          record,
          deadline,
          (offset) => {
            const receipt: OrderReceipt = {
              order_id: event.order_id,
              ordered_at: event.ordered_at,
              topic,
              partition,
              offset: String(offset),
              schema_version_id: schemaVersionId,
            };
            sending?.end({
              'messaging.destination.partition.id': String(partition),
              'messaging.kafka.offset': offsetAttribute(offset),
            });
            reply.code(201).send(receipt);
          },
          (error) => {
            sending?.end({}, error.code);
            (reply as FastifyReply).send(error);
          },
        );
      },
    );
  };
}

/** Ends with the brokers' acknowledgement. Names follow OpenTelemetry's semantic conventions for messaging. */
function beginSend(tracing: Tracing, topic: string, request: TracedWork | undefined): TracedWork {
  return tracing.begin(`send ${topic}`, {
    kind: 'producer',
    parent: request?.context,
    attributes: {
      'messaging.system': 'kafka',
      'messaging.operation.name': 'send',
      'messaging.operation.type': 'send',
      'messaging.destination.name': topic,
    },
  });
}
