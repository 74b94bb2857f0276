import type { ObjectMetadata } from '../file-range.ts';
import type { ObjectHeaders, ObjectStore, Upload } from '../object-store.ts';

export interface MemoryObject extends ObjectHeaders {
  readonly body: Buffer;
}

/** What may go wrong with a request: it is refused, or its answer is lost after it took effect. */
export type Fault = 'refused' | 'answer lost' | undefined;

export class StoreFault extends Error {
  readonly code = 'ECONNRESET';
}

/** A bucket in memory with S3's rules of conditions, keys and uploads, for tests of many random runs. */
export function createMemoryStore(nextFault: (request: string) => Fault = () => undefined) {
  const objects = new Map<string, MemoryObject>();
  const uploads = new Map<string, Upload & ObjectHeaders & { parts: Map<number, Buffer> }>();
  let uploadsBegun = 0;

  async function request<Result>(
    name: string,
    signal: AbortSignal,
    effect: () => Result,
  ): Promise<Result> {
    await Promise.resolve();
    signal.throwIfAborted();
    const fault = nextFault(name);
    if (fault === 'refused') throw new StoreFault(`${name} refused`);
    const result = effect();
    await Promise.resolve();
    if (fault === 'answer lost') throw new StoreFault(`${name} cut`);
    return result;
  }

  const store: ObjectStore = {
    urlOf: (key) => `s3://bucket/${key}`,
    put: (key, body, headers, signal) =>
      request('put', signal, () => {
        if (objects.has(key)) return 'exists';
        objects.set(key, { ...headers, body: Buffer.from(body) });
        return 'stored';
      }),
    metadata: (key, signal) =>
      request('metadata', signal, (): ObjectMetadata | undefined => objects.get(key)?.metadata),
    keys: (prefix, after, signal) =>
      request('keys', signal, () => {
        const sorted = [...objects.keys()].filter((key) => key.startsWith(prefix)).sort();
        const keys = sorted.filter((key) => key > after);
        // Small pages, so that a listing has several.
        return { keys: keys.slice(0, 3), isLast: keys.length <= 3 };
      }),
    beginUpload: (key, headers, signal) =>
      request('beginUpload', signal, () => {
        uploadsBegun += 1;
        const upload = { key, uploadId: String(uploadsBegun) };
        uploads.set(upload.uploadId, { ...upload, ...headers, parts: new Map() });
        return upload;
      }),
    uploadPart: ({ uploadId }, number, body, signal) =>
      request('uploadPart', signal, () => {
        const upload = uploads.get(uploadId);
        if (!upload) return 'gone';
        upload.parts.set(number, Buffer.from(body));
        return { PartNumber: number };
      }),
    completeUpload: ({ key, uploadId }, parts, signal) =>
      request('completeUpload', signal, () => {
        const upload = uploads.get(uploadId);
        if (!upload) return 'gone';
        if (objects.has(key)) return 'exists';
        const { contentType, metadata } = upload;
        const body = Buffer.concat(
          parts.map((part) => upload.parts.get(part.PartNumber as number) as Buffer),
        );
        objects.set(key, { contentType, metadata, body });
        uploads.delete(uploadId);
        return 'stored';
      }),
    abortUpload: ({ uploadId }, signal) =>
      request('abortUpload', signal, () => {
        uploads.delete(uploadId);
      }),
    uploads: (prefix, signal) =>
      request('uploads', signal, () =>
        [...uploads.values()].filter(({ key }) => key.startsWith(prefix)),
      ),
    close() {},
  };
  return { store, objects, uploads };
}
