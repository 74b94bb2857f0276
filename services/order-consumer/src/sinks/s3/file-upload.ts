import type { CompletedPart } from '@aws-sdk/client-s3';
import type { PartitionStart } from '../sink.ts';
import type { ExistingFiles } from './existing-files.ts';
import { type FileContent, type FileOrigin, type FileRange, metadataOf } from './file-range.ts';
import type { PartitionKeys } from './object-key.ts';
import type { ObjectStore, Upload } from './object-store.ts';
import { UnconfirmedObjectError } from './s3-failure.ts';

export type FileUpload = ReturnType<typeof createFileUpload>;

/** The parts of a file are no longer in S3, and no longer in memory: its records must be read again. */
export class UploadLostError extends Error {
  readonly code = 'upload-lost';
  readonly retryable = true;

  constructor(url: string, why: string) {
    super(`${url}: ${why}. The records are read again`);
    this.name = 'UploadLostError';
  }
}

/**
 * Stores one file, in one request or in parts. An object that is there is never replaced: `finish` reports its range instead.
 *
 * @throws UploadLostError from `addPart` and `finish`
 */
export function createFileUpload(options: {
  start: Pick<PartitionStart, 'attempt'>;
  store: ObjectStore;
  keys: PartitionKeys;
  files: ExistingFiles;
  origin: FileOrigin;
  extension: string;
  contentType: string;
}) {
  const { start, store, keys, files, origin, contentType } = options;
  const { first, fileId } = origin;
  const key = keys.file(first, options.extension);
  const url = store.urlOf(key);
  const parts: CompletedPart[] = [];
  let upload: Upload | undefined;

  async function addPart(body: Uint8Array): Promise<void> {
    upload ??= await start.attempt(`CreateMultipartUpload ${url}`, (signal) =>
      store.beginUpload(key, { contentType, metadata: metadataOf(origin, undefined) }, signal),
    );
    const begun = upload;
    const number = parts.length + 1;
    const part = await start.attempt(`UploadPart ${number} ${url}`, (signal) =>
      store.uploadPart(begun, number, body, signal),
    );
    if (part === 'gone') throw lost('its upload was aborted');
    parts.push(part);
  }

  /** The range of the object that has the file's key: that of an attempt whose answer was lost, or of another writer. */
  async function storedRange(signal: AbortSignal): Promise<FileRange> {
    const found = await store.metadata(key, signal);
    if (!found) throw new UnconfirmedObjectError(url);
    return files.rangeOf(key, first, found, (other) => store.metadata(other, signal));
  }

  async function putWhole(body: Uint8Array, content: FileContent): Promise<FileRange> {
    const headers = { contentType, metadata: metadataOf(origin, content) };
    return start.attempt(`PutObject ${url}`, async (signal) => {
      const outcome = await store.put(key, body, headers, signal);
      if (outcome === 'stored') return { first, last: content.last };
      return storedRange(signal);
    });
  }

  async function complete(begun: Upload, content: FileContent): Promise<FileRange> {
    const endKey = keys.rangeEnd(first, fileId);
    const end = { contentType: 'application/octet-stream', metadata: metadataOf(origin, content) };
    // Invariant: a file whose own metadata lacks the end of its range is never stored before the object that has it.
    await start.attempt(`PutObject ${store.urlOf(endKey)}`, (signal) =>
      store.put(endKey, new Uint8Array(), end, signal),
    );
    const range = await start.attempt(`CompleteMultipartUpload ${url}`, async (signal) => {
      const outcome = await store.completeUpload(begun, parts, signal);
      if (outcome === 'stored') return { first, last: content.last };
      if (outcome === 'conflict') return undefined;
      // An attempt whose answer was lost may have completed the upload.
      if (outcome === 'gone' && !(await store.metadata(key, signal))) return undefined;
      return storedRange(signal);
    });
    if (range === undefined) throw lost('its upload was aborted, or another one was in progress');
    return range;
  }

  const lost = (why: string) => new UploadLostError(url, why);

  return {
    key,
    /** Uploads the next part. Each part but the last must have the store's minimum size, 5 MiB in S3. */
    addPart,
    /** @returns the range that is stored under the key */
    async finish(rest: Uint8Array, content: FileContent): Promise<FileRange> {
      if (upload === undefined) return putWhole(rest, content);
      if (rest.length > 0) await addPart(rest);
      const range = await complete(upload, content);
      upload = undefined;
      return range;
    },
    /** The upload that was begun and not completed. */
    unfinished: () => upload,
  };
}
