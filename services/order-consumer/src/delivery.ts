import type { RegisteredSchema } from '@order-stream/serde';
import type { KafkaMessage } from 'kafkajs';

/** A decoded record with its writer schema, for a sink to store. */
export interface Delivery {
  readonly record: KafkaMessage;
  readonly value: unknown;
  readonly schema: Pick<RegisteredSchema, 'dataFormat' | 'definition' | 'references'>;
}
