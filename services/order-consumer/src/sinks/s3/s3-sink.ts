import type { S3ClientConfig } from '@aws-sdk/client-s3';
import type { ByteBudget } from '../../byte-budget.ts';
import type { FlushTrigger, Sink } from '../sink.ts';
import { type AvroCodec, createAvroFormat } from './avro-file.ts';
import { createFlushSchedule } from './flush-schedule.ts';
import { createJsonFormat } from './json-file.ts';
import type { ObjectStore, Upload } from './object-store.ts';
import { s3FailureClass } from './s3-failure.ts';
import { openS3Partition, type S3Partition } from './s3-partition.ts';

export interface S3SinkOptions {
  bucket: string;
  /** First folder of all keys, without a slash at either end. */
  prefix: string;
  format: 'json' | 'avro';
  avroCodec: AvroCodec;
  flushRecords: number;
  flushMs: number;
  flushBytes: number;
  /** Files above it are uploaded in parts of this size. S3 demands 5 MiB. */
  partBytes: number;
  timeZone: string;
  forcePathStyle: boolean;
  serviceVersion: string;
  budget: Pick<ByteBudget, 'hold' | 'release'>;
  /** A file was stored, so many seconds after it was closed. */
  onStored?: (trigger: FlushTrigger, seconds: number) => void;
  clientConfig?: S3ClientConfig;
  /** The wall clock in epoch ms: files are closed at times of the day. */
  now?: () => number;
}

/** Uploads that the end of the process leaves are deleted by the partition's next owner, if not within this time. */
const abortWithinMs = 3_000;

/**
 * Stores the values of records in files, one file per range of offsets, named as Kafka Connect's S3 sink does. docs/sinks.md
 * describes names, formats, rotation and metadata.
 */
export function createS3Sink(options: S3SinkOptions): Sink {
  const { prefix, flushRecords, flushBytes, flushMs, timeZone, partBytes, serviceVersion } =
    options;
  const { budget, now = Date.now, onStored = () => {} } = options;
  const partitions = new Set<S3Partition>();
  const abandoned = new Set<Upload>();
  const shared = {
    prefix,
    format: options.format === 'json' ? createJsonFormat() : createAvroFormat(options.avroCodec),
    limits: {
      records: flushRecords,
      bytes: flushBytes,
      flushMs,
      nextFlush: createFlushSchedule(flushMs, timeZone),
    },
    partBytes,
    serviceVersion,
    budget,
    now,
    onStored,
    onAbandoned: (upload: Upload) => abandoned.add(upload),
  };
  let store: Promise<ObjectStore> | undefined;

  /** Loads the SDK at the first call: a consumer without this sink does not need its memory. */
  async function loadStore(): Promise<ObjectStore> {
    const { createObjectStore } = await import('./object-store.ts');
    return createObjectStore(options);
  }

  return {
    name: 's3',
    holdMs: flushMs,
    async open(start) {
      store ??= loadStore();
      const opened = await openS3Partition(start, { ...shared, store: await store });
      const partition = {
        ...opened,
        close() {
          partitions.delete(partition);
          opened.close();
        },
      };
      partitions.add(partition);
      return partition;
    },
    failureClassOf: s3FailureClass,
    relieve() {
      let largest: S3Partition | undefined;
      let open = 0;
      let queued = 0;
      for (const one of partitions) {
        if (largest === undefined || one.openBytes() > largest.openBytes()) largest = one;
        open += one.openBytes();
        queued += one.queuedBytes();
      }
      // Requests in progress will release most of the memory: more and smaller files would not release it earlier.
      if (queued < open) largest?.flush('memory');
    },
    async close() {
      if (store === undefined) return;
      const opened = await store;
      const signal = AbortSignal.timeout(abortWithinMs);
      const aborts = [...abandoned].map((upload) => opened.abortUpload(upload, signal));
      await Promise.allSettled(aborts);
      opened.close();
    },
  };
}
