import { UndecodableError } from '../errors.ts';
import { aBoolean, aFunction, checkOptions, required } from '../option-checks.ts';
import {
  failureOf,
  type KafkaBatchResponse,
  type KafkaEvent,
  type KafkaEventRecord,
  partitionsOf,
} from './kafka-event.ts';
import {
  decodeRecord,
  deserializerShapes,
  type KafkaDeserializers,
  type KafkaRecord,
} from './kafka-record.ts';

export type {
  KafkaBatchItemFailure,
  KafkaBatchResponse,
  KafkaEvent,
  KafkaEventRecord,
  KafkaSchemaMetadata,
} from './kafka-event.ts';
export {
  decodeKafkaRecord,
  type KafkaDeserializers,
  type KafkaHeader,
  type KafkaRecord,
  type KeyDeserializer,
} from './kafka-record.ts';

/** What decodes the records of a function's events, and how they are handled. */
export type KafkaHandlerOptions<
  Value = unknown,
  Key = Buffer,
  Context = unknown,
> = KafkaDeserializers<Value, Key> & KafkaHandling<Value, Key, Context>;

/** How a function handles the records of its events. */
export interface KafkaHandling<Value = unknown, Key = Buffer, Context = unknown> {
  /**
   * Called for each record: one after the other in a partition, and for several partitions at a time. Its types are those
   * of the deserializers.
   */
  eachRecord: (
    record: KafkaRecord<NoInfer<Value>, NoInfer<Key>>,
    context: Context,
  ) => Promise<void> | void;
  /**
   * Whether the event source mapping has `ReportBatchItemFailures` in its `FunctionResponseTypes`. Without it, Lambda
   * ignores the response, so the first failure is thrown and the whole batch comes again. Default `false`.
   *
   * A failed record comes again until it expires in the topic, unless the mapping has `MaximumRetryAttempts` or
   * `MaximumRecordAgeInSeconds`, whose default is −1, or `setAside` takes it.
   */
  partialBatchResponse?: boolean;
  /** Takes a record that will never decode, which then counts as handled. Default: the record fails, and comes again. */
  setAside?(record: KafkaEventRecord, error: UndecodableError): Promise<void> | void;
  /**
   * Called for each record that failed by itself. If it throws or rejects, its error is printed to stderr and the records
   * are handled as if it had not. Default: prints the record's partition, offset and the error to stderr.
   */
  onFailure?(error: unknown, record: KafkaEventRecord): Promise<void> | void;
}

/**
 * Creates the handler of a function for Amazon MSK or self-managed Kafka events.
 *
 * With `partialBatchResponse`, a record that will never decode is reported and the rest of its partition is handled. After
 * any other failure (the registry is unavailable, a wrong configuration, an error of `eachRecord`) the rest of the
 * partition is reported as well, without being handled, so that no record overtakes the one that failed. AWS documents that
 * the reported records come again, not whether later ones of the partition do: both are covered. If no record was
 * handled for another reason than its bytes, the first error is thrown, so that Lambda counts the invocation as failed.
 *
 * @throws TypeError an option is not what it may be; from the handler: the event is from another kind of source
 */
export function createKafkaHandler<Value = unknown, Key = Buffer, Context = unknown>(
  options: KafkaHandlerOptions<Value, Key, Context>,
): (event: KafkaEvent, context: Context) => Promise<KafkaBatchResponse> {
  checkOptions('createKafkaHandler', options, {
    ...deserializerShapes,
    eachRecord: required(aFunction),
    partialBatchResponse: aBoolean,
    setAside: aFunction,
    onFailure: aFunction,
  });
  const { eachRecord, partialBatchResponse = false, setAside, onFailure = printFailure } = options;

  /** Never throws: Lambda freezes partitions that still run when the function ends. */
  async function reportFailure(error: unknown, record: KafkaEventRecord): Promise<void> {
    try {
      await onFailure(error, record);
    } catch (ofCallback) {
      printFailure(error, record);
      console.error('onFailure failed:', ofCallback);
    }
  }

  return async function handler(event, context) {
    const partitions = partitionsOf(event);
    let handled = 0;
    let thrown: { error: unknown } | undefined;

    /** Throws if the record must come again before the rest of its partition. */
    async function handleRecord(record: KafkaEventRecord): Promise<'handled' | 'undecodable'> {
      let decoded: KafkaRecord<Value, Key>;
      try {
        decoded = await decodeRecord(record, options);
      } catch (error) {
        if (!(error instanceof UndecodableError)) throw error;
        if (setAside) await setAside(record, error);
        else if (partialBatchResponse) await reportFailure(error, record);
        else throw error;
        return setAside ? 'handled' : 'undecodable';
      }
      await eachRecord(decoded, context);
      return 'handled';
    }

    /** Returns the records that Lambda is to pass again. */
    async function handlePartition(
      records: readonly KafkaEventRecord[],
    ): Promise<KafkaEventRecord[]> {
      const failed: KafkaEventRecord[] = [];
      for (const [i, record] of records.entries()) {
        if (thrown && !partialBatchResponse) break;
        try {
          if ((await handleRecord(record)) === 'handled') handled += 1;
          else failed.push(record);
        } catch (error) {
          thrown ??= { error };
          await reportFailure(error, record);
          return [...failed, ...records.slice(i)];
        }
      }
      return failed;
    }

    // Every partition ends before the function does: Lambda freezes whatever still runs.
    const failed = (await Promise.all(partitions.map(handlePartition))).flat();
    if (thrown && (handled === 0 || !partialBatchResponse)) throw thrown.error;
    return { batchItemFailures: failed.map(failureOf) };
  };
}

function printFailure(error: unknown, { topic, partition, offset }: KafkaEventRecord): void {
  console.error(`${topic}-${partition} offset ${offset}:`, error);
}
