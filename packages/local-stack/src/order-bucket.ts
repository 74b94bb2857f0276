import { randomUUID } from 'node:crypto';
import {
  CreateBucketCommand,
  GetObjectCommand,
  paginateListObjectsV2,
  S3Client,
} from '@aws-sdk/client-s3';
import { clientOptions } from './order-table.ts';

export interface StoredFile {
  key: string;
  body: Buffer;
  contentType: string | undefined;
  contentEncoding: string | undefined;
  metadata: Record<string, string>;
}

/** Creates a bucket in moto or S3Mock, named for one test. */
export async function createBucket(endpoint: string, name = `orders-${randomUUID()}`) {
  const client = new S3Client({ ...clientOptions(endpoint), forcePathStyle: true });
  await client.send(new CreateBucketCommand({ Bucket: name }));
  const keys = async (prefix = ''): Promise<string[]> => {
    const found: string[] = [];
    for await (const { Contents = [] } of paginateListObjectsV2(
      { client },
      { Bucket: name, Prefix: prefix },
    ))
      found.push(...Contents.map(({ Key }) => Key as string));
    return found.sort();
  };
  const read = async (key: string): Promise<StoredFile> => {
    const { Body, ...head } = await client.send(new GetObjectCommand({ Bucket: name, Key: key }));
    return {
      key,
      body: Buffer.from((await Body?.transformToByteArray()) ?? []),
      contentType: head.ContentType,
      contentEncoding: head.ContentEncoding,
      metadata: head.Metadata ?? {},
    };
  };
  return {
    name,
    /** The keys of all files under a prefix, in order. */
    keys,
    read,
    /** All files under a prefix, in the order of their keys. */
    async files(prefix?: string): Promise<StoredFile[]> {
      return Promise.all((await keys(prefix)).map(read));
    },
    /** For requests of a test's own. */
    client,
  };
}
