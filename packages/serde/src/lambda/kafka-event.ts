/** A record as Lambda passes it to a function. */
export interface KafkaEventRecord {
  readonly topic: string;
  readonly partition: number;
  /** A JSON number: beyond 2^53 it is rounded before the function is called. */
  readonly offset: number;
  /** Milliseconds since 1970. */
  readonly timestamp: number;
  readonly timestampType: 'CREATE_TIME' | 'LOG_APPEND_TIME';
  /** Base64; null or absent for a record without a key. */
  readonly key?: string | null;
  /** Base64; null or absent for a tombstone. */
  readonly value?: string | null;
  /** One object for each header: its name, and its bytes, which may be signed. */
  readonly headers?: readonly Readonly<Record<string, readonly number[] | null>>[] | null;
  /** Only if the event source mapping has a schema registry. */
  readonly keySchemaMetadata?: KafkaSchemaMetadata | null;
  readonly valueSchemaMetadata?: KafkaSchemaMetadata | null;
}

/** What Lambda's own schema registry configuration adds to a record. */
export interface KafkaSchemaMetadata {
  readonly dataFormat?: string | null;
  readonly schemaId?: string | null;
}

/**
 * An event of Amazon MSK or of a self-managed Kafka cluster.
 *
 * Source: AWS Lambda Developer Guide, "Using Lambda with Amazon MSK" and "Using Lambda with self-managed Apache Kafka",
 * example events.
 */
export interface KafkaEvent {
  readonly eventSource: 'aws:kafka' | 'SelfManagedKafka';
  /** Only from Amazon MSK. */
  readonly eventSourceArn?: string;
  readonly bootstrapServers?: string;
  /** By topic and partition, such as `orders-0`; the records of each in the order of their offsets. */
  readonly records: Readonly<Record<string, readonly KafkaEventRecord[]>>;
}

/**
 * The answer to an event whose source mapping has `ReportBatchItemFailures`. Lambda passes the named records again.
 *
 * Source: AWS Lambda Developer Guide, "Configuring error handling controls for Kafka event sources", PartialBatchResponse.
 * Earlier editions of the page called the member `topic-partition` instead of `partition`.
 */
export interface KafkaBatchResponse {
  batchItemFailures: KafkaBatchItemFailure[];
}

/**
 * One record that Lambda passes again until the mapping's `MaximumRetryAttempts` or `MaximumRecordAgeInSeconds` is reached,
 * and then sends to the on-failure destination. Both are −1 by default: the record comes again until it expires in the topic.
 */
export interface KafkaBatchItemFailure {
  itemIdentifier: {
    /** Topic and partition, such as `orders-0`. */
    partition: string;
    offset: number;
  };
}

/**
 * The records of each partition.
 *
 * @throws TypeError the event is from another kind of source
 */
export function partitionsOf(event: KafkaEvent): (readonly KafkaEventRecord[])[] {
  const { eventSource, records } = (event ?? {}) as Partial<KafkaEvent>;
  if (eventSource === 'aws:kafka' || eventSource === 'SelfManagedKafka')
    return Object.values(records ?? {});
  throw new TypeError(
    `expected an event with eventSource aws:kafka or SelfManagedKafka, got ${eventSource}`,
  );
}

/** How the answer to Lambda names a record. */
export function failureOf({ topic, partition, offset }: KafkaEventRecord): KafkaBatchItemFailure {
  return { itemIdentifier: { partition: `${topic}-${partition}`, offset } };
}
