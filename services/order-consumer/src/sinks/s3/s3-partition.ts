import { randomUUID } from 'node:crypto';
import type { ByteBudget } from '../../byte-budget.ts';
import type { Refusal } from '../../refusal.ts';
import type { FlushTrigger, PartitionStart, SinkPartition, SinkRun } from '../sink.ts';
import { createExistingFiles } from './existing-files.ts';
import {
  type FileEncoder,
  type FileFormat,
  type StorableDelivery,
  UnstorableValueError,
} from './file-format.ts';
import type { FileRange } from './file-range.ts';
import { createFileUpload, type FileUpload } from './file-upload.ts';
import { GrowingBytes } from './growing-bytes.ts';
import { createJobQueue } from './job-queue.ts';
import { longerNamesFrom, partitionKeys } from './object-key.ts';
import type { ObjectStore, Upload } from './object-store.ts';
import { createRotation, type RotationLimits } from './rotation.ts';

/** What all partitions of the sink share. */
export interface S3PartitionOptions {
  readonly store: ObjectStore;
  /** `S3_PREFIX` */
  readonly prefix: string;
  readonly format: FileFormat;
  readonly limits: RotationLimits;
  readonly partBytes: number;
  readonly serviceVersion: string;
  readonly budget: Pick<ByteBudget, 'hold' | 'release'>;
  /** The wall clock, epoch ms. */
  now(): number;
  /** A file was stored, after so many seconds since it was closed. */
  onStored(trigger: FlushTrigger, seconds: number): void;
  /** An upload was begun, and is not completed by its partition. */
  onAbandoned(upload: Upload): void;
}

export interface S3Partition extends SinkPartition {
  /** Bytes that closing the open file would begin to store. */
  openBytes(): number;
  /** Bytes that are being stored, or wait for it. */
  queuedBytes(): number;
}

/** A file in memory. It has at least one line. */
interface PartitionFile {
  /** Begin of the range: the offset after the file before it. */
  readonly first: bigint;
  readonly firstLine: bigint;
  readonly encoder: FileEncoder;
  readonly bytes: GrowingBytes;
  readonly upload: FileUpload;
  lastLine: bigint;
  schemaVersionId: string | undefined;
  uploadedBytes: number;
}

/** Another writer has stored a part of the records that are in memory here. */
export class AnotherWriterError extends Error {
  readonly code = 'another-writer';
  readonly retryable = true;

  constructor(url: string) {
    super(
      `${url}: another writer stored the file with another range. The records after it are read again`,
    );
    this.name = 'AnotherWriterError';
  }
}

/**
 * One partition of the sink: at most one open file, and the closed ones that are being stored, one after the other.
 *
 * Invariant: each offset is in the range of one file at most, because a file is stored only under the offset after the file before
 * it, an object is never replaced, and a range ends before the next file that exists.
 *
 * @throws ForeignObjectError an object that this consumer did not store is in the way
 */
export async function openS3Partition(
  start: PartitionStart,
  options: S3PartitionOptions,
): Promise<S3Partition> {
  const { store, format, limits, partBytes, serviceVersion, budget, now } = options;
  const { topic, partition, topicId, signal } = start;
  const keys = partitionKeys(options.prefix, topic, partition);
  const files = createExistingFiles(start, store, keys);
  const rotation = createRotation(limits);
  const jobs = createJobQueue((error) => {
    if (!isOver && !signal.aborted) start.reopen(error);
  });

  await abortUploadsOf();
  /** Begin of the range of the open file, or of the next one. */
  let first = start.mark ?? (await files.beginFor(start.offset));
  /** The next file that exists, and where the range of the open file must end at the latest. */
  let existing: FileRange | undefined;
  let limit = 0n;
  await findExisting();
  if (existing !== undefined && limit === first) await passFile();

  const from = first > start.offset ? first : start.offset;
  /** Everything below was taken. */
  let taken = from;
  let open: PartitionFile | undefined;
  /** Closed files, the oldest first. */
  const unstored: PartitionFile[] = [];
  let rejections: Promise<void>[] = [];
  let isTaking = false;
  let flushAfterTake: FlushTrigger | undefined;
  let queuedBytes = 0;
  let held = 0;
  let timer: NodeJS.Timeout | undefined;
  let isOver = false;

  /** Uploads that a crash, or the partition's last owner, has left. */
  async function abortUploadsOf(): Promise<void> {
    const uploads = await start.attempt(
      `ListMultipartUploads ${store.urlOf(keys.stem)}`,
      (signal) => store.uploads(keys.stem, signal),
    );
    for (const upload of uploads)
      await start.attempt(`AbortMultipartUpload ${store.urlOf(upload.key)}`, (signal) =>
        store.abortUpload(upload, signal),
      );
  }

  async function findExisting(): Promise<void> {
    existing = await files.atOrAfter(first);
    limit = existing?.first ?? longerNamesFrom(first);
  }

  /** The range of the file at the limit is stored: the next range begins after it. */
  async function passFile(): Promise<void> {
    first = existing === undefined ? limit : existing.last + 1n;
    await findExisting();
  }

  function begin(delivery: StorableDelivery, offset: bigint): PartitionFile {
    const fileId = randomUUID();
    const origin = { topic, partition, topicId, first, fileId, serviceVersion };
    const { extension, contentType } = format;
    return {
      first,
      firstLine: offset,
      encoder: format.begin(delivery),
      bytes: new GrowingBytes(),
      upload: createFileUpload({ start, store, keys, files, origin, extension, contentType }),
      lastLine: offset,
      schemaVersionId: delivery.schema.versionId,
      uploadedBytes: 0,
    };
  }

  function add(delivery: StorableDelivery, offset: bigint, nowMs: number): void {
    if (open !== undefined && !open.encoder.accepts(delivery)) {
      // Throws before the open file is closed for a record that no file takes.
      format.begin(delivery);
      closeFile('schema', open.lastLine);
    }
    const file = open ?? begin(delivery, offset);
    file.encoder.append(delivery, file.bytes);
    open = file;
    file.lastLine = offset;
    if (file.schemaVersionId !== delivery.schema.versionId) file.schemaVersionId = undefined;
    const bytes = file.uploadedBytes + file.bytes.length + file.encoder.pendingBytes();
    const trigger = rotation.added(nowMs, bytes);
    if (trigger !== undefined) closeFile(trigger, offset);
    else if (file.bytes.length >= partBytes) uploadPart(file);
  }

  function reject({ record }: StorableDelivery, error: Error): void {
    const reason: Refusal['reason'] = error instanceof UnstorableValueError ? 'rejected' : 'bug';
    rejections.push(start.rejected({ record, reason, error }));
  }

  /** Adds the records of a run, from one on. Returns the index of the first that is at the limit, or the number of records. */
  function addUntilLimit(deliveries: SinkRun['deliveries'], index: number): number {
    const nowMs = now();
    if (open !== undefined && rotation.isDue(nowMs)) closeFile('time', lastOf(open));
    for (let i = index; i < deliveries.length; i += 1) {
      const delivery = deliveries[i] as SinkRun['deliveries'][number];
      const offset = BigInt(delivery.record.offset);
      if (offset < first || !hasLine(delivery)) continue;
      if (offset >= limit) return i;
      try {
        add(delivery, offset, nowMs);
      } catch (error) {
        reject(delivery, error as Error);
      }
    }
    return deliveries.length;
  }

  /** End of the range of a file that is closed between two runs. */
  function lastOf(file: PartitionFile): bigint {
    const next = taken < limit ? taken : limit;
    return file.lastLine >= next ? file.lastLine : next - 1n;
  }

  function closeFile(trigger: FlushTrigger, last: bigint): void {
    const file = open as PartitionFile;
    const closedAt = performance.now();
    const records = rotation.records();
    const { schemaVersionId } = file;
    open = undefined;
    first = last + 1n;
    rotation.reset();
    clearTimeout(timer);
    timer = undefined;
    file.encoder.finish(file.bytes);
    const rest = file.bytes.drain();
    queuedBytes += rest.length;
    unstored.push(file);
    const dueRejections = [...rejections];
    jobs.add(async () => {
      // Invariant: every refused record of the range is on the dead-letter topic before the file that stands for it is stored.
      await Promise.all(dueRejections);
      const stored = await file.upload.finish(rest, { last, records, schemaVersionId });
      if (isOver) return;
      unstored.shift();
      queuedBytes -= rest.length;
      account();
      options.onStored(trigger, (performance.now() - closedAt) / 1000);
      if (stored.last === last) {
        report();
        return;
      }
      const next = stored.last + 1n;
      start.durable(next > file.firstLine ? next : file.firstLine, next);
      throw new AnotherWriterError(store.urlOf(file.upload.key));
    });
  }

  function uploadPart(file: PartitionFile): void {
    const part = file.bytes.drain();
    file.uploadedBytes += part.length;
    queuedBytes += part.length;
    jobs.add(async () => {
      await file.upload.addPart(part);
      if (isOver) return;
      queuedBytes -= part.length;
      account();
    });
  }

  const openBytes = () =>
    open === undefined ? 0 : open.bytes.length + open.encoder.pendingBytes();

  /** Holds what is in memory, in the budget of all sinks. */
  function account(): void {
    const more = openBytes() + queuedBytes - held;
    held += more;
    if (more > 0) budget.hold('s3', more);
    else budget.release('s3', -more);
  }

  function report(): void {
    if (isOver || isTaking) return;
    const oldest = unstored[0] ?? open;
    if (oldest) start.durable(oldest.firstLine, oldest.first);
    else start.durable(taken > first ? taken : first, first);
  }

  function flush(trigger: FlushTrigger): void {
    if (isOver) return;
    if (isTaking) flushAfterTake = trigger;
    else if (open !== undefined) {
      closeFile(trigger, lastOf(open));
      account();
      report();
    }
  }

  function armTimer(): void {
    if (open === undefined || timer !== undefined) return;
    timer = setTimeout(
      () => {
        timer = undefined;
        if (rotation.isDue(now())) flush('time');
        armTimer();
      },
      Math.min(rotation.dueInMs(now()), limits.flushMs),
    );
    timer.unref();
  }

  function endTake(next: bigint): void {
    isTaking = false;
    rejections = [];
    taken = next;
    account();
    report();
    const trigger = flushAfterTake;
    flushAfterTake = undefined;
    if (trigger !== undefined) flush(trigger);
    armTimer();
  }

  /** Takes the rest of a run that an existing file, or a refused record, holds up. */
  async function takeRest({ deliveries, next }: SinkRun, index: number): Promise<void> {
    try {
      for (let i = index; i < deliveries.length; i = addUntilLimit(deliveries, i)) {
        // An open file ends before the one that exists.
        if (open !== undefined) closeFile('records', limit - 1n);
        await passFile();
        if (isOver) return;
      }
      await Promise.all(rejections);
    } catch (error) {
      if (!isOver && !signal.aborted) start.reopen(error as Error);
      return;
    }
    if (isOver) return;
    endTake(next);
    await jobs.room();
  }

  return {
    from,
    take(run) {
      isTaking = true;
      const index = addUntilLimit(run.deliveries, 0);
      if (index < run.deliveries.length || rejections.length > 0) return takeRest(run, index);
      endTake(run.next);
      return jobs.room();
    },
    flush,
    close() {
      isOver = true;
      clearTimeout(timer);
      jobs.stop();
      for (const file of open === undefined ? unstored : [...unstored, open]) {
        const upload = file.upload.unfinished();
        if (upload !== undefined) options.onAbandoned(upload);
      }
      budget.release('s3', held);
      held = 0;
    },
    openBytes,
    queuedBytes: () => queuedBytes,
  };
}

/** A tombstone has none. */
function hasLine(delivery: SinkRun['deliveries'][number]): delivery is StorableDelivery {
  return delivery.schema !== undefined;
}
