import { setImmediate } from 'node:timers/promises';
import type { Refusal } from '../../../refusal.ts';
import type { PartitionStart } from '../../sink.ts';
import type { FileFormat } from '../file-format.ts';
import { createJsonFormat } from '../json-file.ts';
import type { Upload } from '../object-store.ts';
import { openS3Partition, type S3PartitionOptions } from '../s3-partition.ts';
import { type createMemoryStore, StoreFault } from './memory-store.ts';

export type MemoryPartition = Awaited<ReturnType<typeof openMemoryPartition>>;

const schema = { dataFormat: 'JSON', definition: '{}', versionId: 'v1' } as const;

/** A record whose value is its offset. */
export const delivery = (offset: bigint, value: unknown = Number(offset)) => ({
  record: { offset: String(offset) } as never,
  value,
  schema,
});

/**
 * Opens a partition over a bucket in memory. Failed requests are tried again at once, as often as needed.
 *
 * @param deadLetters resolves when a refused record is on the dead-letter topic
 */
export async function openMemoryPartition(
  { store }: Pick<ReturnType<typeof createMemoryStore>, 'store'>,
  start: Partial<PartitionStart> = {},
  options: Partial<S3PartitionOptions> & { format?: FileFormat; deadLetters?: Promise<void> } = {},
) {
  const over = new AbortController();
  const { signal } = over;
  const reports: { next: bigint; mark: bigint }[] = [];
  const refusals: Refusal[] = [];
  const reopened: Error[] = [];
  const abandoned: Upload[] = [];
  let held = 0;
  const partition = await openS3Partition(
    {
      topic: 'orders',
      partition: 0,
      topicId: undefined,
      offset: 0n,
      mark: undefined,
      signal,
      durable(next, mark = next) {
        const before = reports.at(-1);
        if (signal.aborted) throw new Error('a closed partition reports nothing');
        if (before && (next < before.next || mark < before.mark))
          throw new RangeError(`${before.next}, ${before.mark} → ${next}, ${mark}`);
        reports.push({ next, mark });
      },
      async rejected(refusal) {
        refusals.push(refusal);
        await options.deadLetters;
      },
      async attempt(_, request) {
        for (;;) {
          signal.throwIfAborted();
          try {
            return await request(signal, () => {});
          } catch (error) {
            if (
              !(error instanceof StoreFault) &&
              (error as { code?: string }).code !== 'unconfirmed-object'
            )
              throw error;
          }
        }
      },
      reopen: (error) => reopened.push(error),
      ...start,
    },
    {
      store,
      prefix: 'topics',
      format: createJsonFormat(),
      limits: { records: 100, bytes: 10 ** 9, flushMs: 10 ** 7, nextFlush: (now) => now + 10 ** 7 },
      partBytes: 10 ** 9,
      serviceVersion: '1',
      now: () => 0,
      onStored() {},
      onAbandoned: (upload) => abandoned.push(upload),
      ...options,
      budget: {
        hold(_, bytes) {
          held += bytes;
        },
        release(_, bytes) {
          held -= bytes;
          if (held < 0) throw new RangeError(`${held} bytes held`);
        },
      },
    },
  );

  return {
    ...partition,
    reports,
    refusals,
    reopened,
    abandoned,
    last: () => reports.at(-1),
    takeRun: partition.take,
    held: () => held,
    take: async (offsets: readonly bigint[], next: bigint) =>
      partition.take({ deliveries: offsets.map((offset) => delivery(offset)), next }),
    /** Waits until the partition has nothing more to do, or has given up. */
    async settle(): Promise<void> {
      for (let quiet = 0, before = -1; quiet < 20; quiet += 1) {
        await setImmediate();
        const now = reports.length + reopened.length;
        if (now !== before) quiet = 0;
        before = now;
      }
    },
    close(): void {
      over.abort(new Error('revoked'));
      partition.close();
    },
  };
}
