import type { KafkaMessage } from 'kafkajs';
import type { ByteBudget } from '../../byte-budget.ts';
import type { Delivery } from '../../delivery.ts';
import type { PartitionStart, Sink, SinkPartition } from '../sink.ts';
import { untilAborted } from '../until-aborted.ts';
import { bytesOf, copiedRecord } from './copied-record.ts';
import { failureClassOf } from './failure.ts';
import { createItemChanges, type ItemChange, type ItemChangeOptions } from './item-change.ts';
import { ItemRejectedError } from './item-rejected.ts';
import { createTableClient, type TableClient } from './table-client.ts';
import { createTakenOffsets, type TakenOffset } from './taken-offsets.ts';
import { replaces } from './write-condition.ts';
import { createWriteOrder, type Write } from './write-order.ts';

/**
 * Requests in flight over all partitions. One process makes a few thousand requests a second, and DynamoDB answers in about 5 ms:
 * 20 keep the process busy. The rest covers slow answers.
 */
const maxInFlight = 64;
/**
 * The memory of a record beside its bytes and those of its item: objects and the bookkeeping. Its bytes are copies,
 * so it keeps nothing of the fetch response. Node may keep 8 KiB for a small copy, which copies made at the same time share.
 */
const overheadBytes = 1_024;

const name = 'dynamodb';

/** A version of an item that waits to be written, or is in flight. */
interface Version {
  readonly record: KafkaMessage;
  readonly change: ItemChange;
  readonly taken: TakenOffset;
  readonly partition: OpenPartition;
}

interface OpenPartition extends SinkPartition {
  perform(write: Write<Version>): Promise<void>;
}

/**
 * Stores each record as an item of a DynamoDB table, or deletes the item. Writes are conditional, so a repeated or late write
 * changes nothing that is newer. Records are stored at once, as many at a time as is useful.
 */
export function createDynamoDbSink(
  options: ItemChangeOptions & {
    table: string;
    /** Undefined: as the AWS SDK finds it. */
    region: string | undefined;
    budget: Pick<ByteBudget, 'hold' | 'release'>;
    /**
     * A partition that has taken more records beyond its watermark takes no more until half of them are settled. Default 2000: two
     * runs.
     */
    maxTaken?: number;
  },
): Sink {
  const { table, key, region, budget, maxTaken = 2_000 } = options;
  let client: Promise<TableClient> | undefined;
  const changeOf = createItemChanges(options);
  const order = createWriteOrder<Version>({
    maxInFlight,
    replaces: (version, other) => replaces(version.change.position, other.change.position),
  });

  function beginWrites(): void {
    for (let write = order.begin(); write !== undefined; write = order.begin())
      void write.version.partition.perform(write).then(beginWrites);
  }

  async function open(start: PartitionStart): Promise<SinkPartition> {
    client ??= createTableClient({ table, key, region, maxSockets: maxInFlight });
    const { apply } = await client;
    const from = start.mark ?? start.offset;
    const offsets = createTakenOffsets(from);
    const writes = order.openPartition();
    let heldBytes = 0;
    let reported = from;
    let isClosed = false;
    let room: PromiseWithResolvers<void> | undefined;

    /** Makes the budget agree with what is held. */
    function account(bytes: number): void {
      if (bytes > heldBytes) budget.hold(name, bytes - heldBytes);
      else budget.release(name, heldBytes - bytes);
      heldBytes = bytes;
    }

    function report(): void {
      if (isClosed) return;
      account(offsets.bytes());
      const watermark = offsets.watermark();
      if (watermark > reported) {
        reported = watermark;
        start.durable(watermark);
      }
      if (offsets.length() <= maxTaken / 2) room?.resolve();
      for (const { taken, refusal } of offsets.dueRefusals())
        void start.rejected(refusal).then(() => {
          offsets.settle(taken);
          report();
        });
    }

    /** Lets writes of other items begin between two attempts. Otherwise, a few throttled items would hold up all. */
    async function pause(write: Write<Version>, delayed: Promise<void>): Promise<void> {
      write.pause();
      beginWrites();
      await delayed;
      const resumed = Promise.withResolvers<void>();
      write.resume(resumed.resolve);
      beginWrites();
      await untilAborted(resumed.promise, start.signal);
    }

    function reject(record: KafkaMessage, taken: TakenOffset, error: Error): void {
      const reason = error instanceof ItemRejectedError ? 'rejected' : 'bug';
      offsets.refuse(taken, { record, reason, error });
    }

    function takeRecord(delivery: Delivery): void {
      // Once, and read from the copy: a fetched record decodes its headers each time.
      const record = copiedRecord(delivery.record);
      const recordBytes = bytesOf(record) + overheadBytes;
      const offset = BigInt(record.offset);
      let change: ItemChange | undefined;
      try {
        change = changeOf(delivery, start.topic, start.partition);
      } catch (error) {
        reject(record, offsets.take(offset, recordBytes), error as Error);
      }
      if (change === undefined) return;
      const taken = offsets.take(offset, recordBytes + change.bytes);
      writes.add(change.identity, { record, change, taken, partition });
    }

    const partition: OpenPartition = {
      from,
      take({ deliveries, next }) {
        for (const delivery of deliveries) takeRecord(delivery);
        offsets.advance(next);
        report();
        beginWrites();
        if (offsets.length() <= maxTaken) return undefined;
        room = Promise.withResolvers();
        return room.promise;
      },
      /** Nothing is kept longer than its write takes. */
      flush() {},
      async perform(write) {
        const { record, change, taken } = write.version;
        const action = change.item === undefined ? 'DeleteItem' : 'PutItem';
        const place = `${start.topic}/${start.partition} offset ${record.offset}`;
        try {
          await start.attempt(
            `${action} ${table} for ${place}`,
            (signal) => apply(change, signal),
            (delayed) => pause(write, delayed),
          );
        } catch (error) {
          if (isClosed || start.signal.aborted) {
            write.abandoned();
            return;
          }
          write.rejected();
          reject(record, taken, error as Error);
          report();
          return;
        }
        for (const version of write.stored()) offsets.settle(version.taken);
        report();
      },
      close() {
        isClosed = true;
        writes.close();
        account(0);
        room?.resolve();
      },
    };
    return partition;
  }

  /** Nothing is kept that could be stored sooner. */
  const relieve = () => {};
  const close = async () => (await client)?.close();
  return { name, holdMs: 0, open, failureClassOf, relieve, close };
}
