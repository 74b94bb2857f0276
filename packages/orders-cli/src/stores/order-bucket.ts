import {
  BucketAlreadyOwnedByYou,
  type BucketLocationConstraint,
  CreateBucketCommand,
  HeadBucketCommand,
  NotFound,
  S3Client,
} from '@aws-sdk/client-s3';
import { requestTo } from './store-error.ts';
import type { StoreSettings } from './store-settings.ts';

export function s3Client(settings: StoreSettings): S3Client {
  return new S3Client({ ...settings.client, forcePathStyle: settings.S3_FORCE_PATH_STYLE });
}

/**
 * Creates the bucket of orders unless it exists.
 *
 * @returns whether it was created
 * @throws StoreError
 */
export async function createBucket(settings: StoreSettings): Promise<boolean> {
  const { S3_BUCKET: Bucket = '' } = settings;
  const { region } = settings.client;
  const client = s3Client(settings);
  const store = `bucket ${Bucket}`;
  try {
    if (await requestTo(store, exists(client, Bucket))) return false;
    // us-east-1 is the default and is rejected as a constraint.
    const constraint = region as BucketLocationConstraint;
    const place =
      region === 'us-east-1'
        ? {}
        : { CreateBucketConfiguration: { LocationConstraint: constraint } };
    const created = client.send(new CreateBucketCommand({ Bucket, ...place })).then(
      () => true,
      (error) => {
        // Another run was faster.
        if (error instanceof BucketAlreadyOwnedByYou) return false;
        throw error;
      },
    );
    return await requestTo(store, created);
  } finally {
    client.destroy();
  }
}

async function exists(client: S3Client, Bucket: string): Promise<boolean> {
  try {
    await client.send(new HeadBucketCommand({ Bucket }));
    return true;
  } catch (error) {
    if (error instanceof NotFound) return false;
    throw error;
  }
}
