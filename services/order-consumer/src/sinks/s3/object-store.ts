import {
  AbortMultipartUploadCommand,
  type CompletedPart,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
  type S3ClientConfig,
  S3ServiceException,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { untilAborted } from '../until-aborted.ts';
import type { ObjectMetadata } from './file-range.ts';

export type ObjectStore = ReturnType<typeof createObjectStore>;

export interface ObjectHeaders {
  readonly contentType: string;
  readonly metadata: ObjectMetadata;
}

/** An upload in parts. */
export interface Upload {
  readonly key: string;
  readonly uploadId: string;
}

/**
 * `exists`: an object with this key is stored already, and nothing was written. `gone`: the upload is no longer there; it was
 * completed or aborted. `conflict`: another request for this key was in progress, and the upload must begin anew.
 */
export type StoreOutcome = 'stored' | 'exists' | 'gone' | 'conflict';

const connectionTimeoutMs = 2_000;
/** A part of 8 MiB at 1 MB/s takes 8 s. */
const requestTimeoutMs = 30_000;

/**
 * The requests of the sink to one bucket. No request is retried here: the partition's attempts do that, and report it. Expected
 * refusals are results, everything else is thrown as the SDK throws it.
 */
export function createObjectStore(options: {
  bucket: string;
  forcePathStyle: boolean;
  clientConfig?: S3ClientConfig;
}) {
  const { bucket: Bucket, forcePathStyle, clientConfig } = options;
  const client = new S3Client({
    maxAttempts: 1,
    forcePathStyle,
    requestHandler: {
      connectionTimeout: connectionTimeoutMs,
      requestTimeout: requestTimeoutMs,
      throwOnRequestTimeout: true,
    },
    ...clientConfig,
  });

  /** The SDK may wait for credentials without a limit, and applies the signal only once it sends. */
  const send = ((command: never, given: { abortSignal: AbortSignal }) =>
    untilAborted(client.send(command, given), given.abortSignal)) as S3Client['send'];

  return {
    /** `s3://bucket/key`, for logs and errors. */
    urlOf: (key: string) => `s3://${Bucket}/${key}`,

    async put(
      key: string,
      body: Uint8Array,
      headers: ObjectHeaders,
      abortSignal: AbortSignal,
    ): Promise<'stored' | 'exists'> {
      const object = { Bucket, Key: key, Body: body, ...named(headers), IfNoneMatch: '*' };
      return send(new PutObjectCommand(object), { abortSignal }).then(
        () => 'stored',
        (error) => (statusOf(error) === 412 ? 'exists' : rethrow(error)),
      );
    },

    /** Undefined if there is no such object. Names of metadata are in lower case. */
    async metadata(key: string, abortSignal: AbortSignal): Promise<ObjectMetadata | undefined> {
      return send(new HeadObjectCommand({ Bucket, Key: key }), { abortSignal }).then(
        ({ Metadata = {} }) => Metadata,
        (error) => (statusOf(error) === 404 ? undefined : rethrow(error)),
      );
    },

    /** At most 1000 keys, in the order of their bytes. */
    async keys(
      prefix: string,
      after: string,
      abortSignal: AbortSignal,
    ): Promise<{ keys: string[]; isLast: boolean }> {
      const { Contents = [], IsTruncated } = await send(
        new ListObjectsV2Command({ Bucket, Prefix: prefix, StartAfter: after }),
        { abortSignal },
      );
      return { keys: Contents.map(({ Key }) => Key as string), isLast: IsTruncated !== true };
    },

    async beginUpload(
      key: string,
      headers: ObjectHeaders,
      abortSignal: AbortSignal,
    ): Promise<Upload> {
      const { UploadId } = await send(
        new CreateMultipartUploadCommand({ Bucket, Key: key, ...named(headers) }),
        { abortSignal },
      );
      return { key, uploadId: UploadId as string };
    },

    async uploadPart(
      { key, uploadId }: Upload,
      number: number,
      body: Uint8Array,
      abortSignal: AbortSignal,
    ): Promise<CompletedPart | 'gone'> {
      const part = { Bucket, Key: key, UploadId: uploadId, PartNumber: number, Body: body };
      return send(new UploadPartCommand(part), { abortSignal }).then(
        ({ ETag, ChecksumCRC32 }) => ({
          PartNumber: number,
          ETag,
          ...(ChecksumCRC32 !== undefined && { ChecksumCRC32 }),
        }),
        (error) => (isGone(error) ? 'gone' : rethrow(error)),
      );
    },

    async completeUpload(
      { key, uploadId }: Upload,
      parts: readonly CompletedPart[],
      abortSignal: AbortSignal,
    ): Promise<StoreOutcome> {
      const request = new CompleteMultipartUploadCommand({
        Bucket,
        Key: key,
        UploadId: uploadId,
        MultipartUpload: { Parts: [...parts] },
        IfNoneMatch: '*',
      });
      return send(request, { abortSignal }).then(
        () => 'stored',
        (error) => {
          if (statusOf(error) === 412) return 'exists';
          if (statusOf(error) === 409) return 'conflict';
          return isGone(error) ? 'gone' : rethrow(error);
        },
      );
    },

    /** Deletes the parts of an upload. An upload that is no longer there is no error. */
    async abortUpload({ key, uploadId }: Upload, abortSignal: AbortSignal): Promise<void> {
      const upload = { Bucket, Key: key, UploadId: uploadId };
      await send(new AbortMultipartUploadCommand(upload), { abortSignal }).catch((error) =>
        isGone(error) ? undefined : rethrow(error),
      );
    },

    /** The uploads that were begun and neither completed nor aborted; at most 1000. */
    async uploads(prefix: string, abortSignal: AbortSignal): Promise<Upload[]> {
      const { Uploads = [] } = await send(
        new ListMultipartUploadsCommand({ Bucket, Prefix: prefix }),
        { abortSignal },
      );
      return Uploads.map(({ Key, UploadId }) => ({
        key: Key as string,
        uploadId: UploadId as string,
      }));
    },

    close(): void {
      client.destroy();
    },
  };
}

const named = ({ contentType, metadata }: ObjectHeaders) => ({
  ContentType: contentType,
  Metadata: { ...metadata },
});

function statusOf(error: unknown): number | undefined {
  return error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined;
}

function isGone(error: unknown): boolean {
  return error instanceof S3ServiceException && error.name === 'NoSuchUpload';
}

function rethrow(error: unknown): never {
  throw error;
}
