import assert from 'node:assert/strict';
import { ListMultipartUploadsCommand } from '@aws-sdk/client-s3';
import { createAwsProxy } from '@order-stream/local-stack/aws-proxy';
import { startDynalite } from '@order-stream/local-stack/dynalite';
import { startMoto } from '@order-stream/local-stack/moto';
import { createBucket, type StoredFile } from '@order-stream/local-stack/order-bucket';
import { createTable } from '@order-stream/local-stack/order-table';
import { parseExactJson } from '@order-stream/local-stack/parse-exact-json';
import { startS3Mock } from '@order-stream/local-stack/s3mock';
import type { HistoryEvent } from '../history-event.ts';
import { readAvroContainer } from './avro-container.ts';
import type { DrillSite } from './drill-pace.ts';
import { orderContent } from './record-content.ts';

export type DrillStores = Awaited<ReturnType<typeof startDrillStores>>;

/** A table and a bucket, each behind a proxy, and how to read them. */
export async function startDrillStores(
  { context }: Pick<DrillSite, 'context'>,
  kinds: { dynamodb: 'moto' | 'dynalite'; s3: 'moto' | 's3mock' },
) {
  const stopped = { after: (stop: () => Promise<void>) => context.after(stop) };
  const needsMoto = kinds.dynamodb === 'moto' || kinds.s3 === 'moto';
  const moto = needsMoto ? await startMoto(stopped) : undefined;
  const tableStore = kinds.dynamodb === 'moto' ? moto : await startDynalite(stopped);
  const fileStore = kinds.s3 === 'moto' ? moto : await startS3Mock(stopped);
  assert.ok(tableStore && fileStore);
  const table = await createTable(tableStore.endpoint);
  const bucket = await createBucket(fileStore.endpoint);
  const proxies = {
    dynamodb: await createAwsProxy({ target: tableStore.endpoint }),
    s3: await createAwsProxy({ target: fileStore.endpoint }),
  };
  context.after(async () => {
    await proxies.dynamodb.close();
    await proxies.s3.close();
  });
  let looks = 0;

  /** The last offset of a large file is in the metadata of another object. */
  async function lastOffset({ key, metadata }: StoredFile): Promise<number> {
    const own = metadata['last-offset'];
    if (own !== undefined) return Number(own);
    const folder = key.slice(0, key.lastIndexOf('/') + 1);
    const first = String(metadata['first-offset']).padStart(10, '0');
    const end = await bucket.read(`${folder}_range+${first}+${metadata['file-id']}`);
    return Number(end.metadata['last-offset']);
  }

  async function* readFiles(topic: string): AsyncGenerator<HistoryEvent> {
    for (const key of await bucket.keys(`topics/${topic}/`)) {
      if (key.includes('/_range+')) continue;
      const file = await bucket.read(key);
      const partition = Number(file.metadata.partition);
      const first = Number(file.metadata['first-offset']);
      const next = (await lastOffset(file)) + 1;
      yield { event: 'file', name: key, topic, partition, first, next };
      const values = key.endsWith('.avro') ? readAvroContainer(file.body) : readLines(file.body);
      for (const value of values) yield { event: 'line', file: key, ...orderContent(value) };
    }
  }

  async function* readItems(): AsyncGenerator<HistoryEvent> {
    looks += 1;
    yield { event: 'look', look: looks };
    for (const item of (await table.items()).values()) {
      const [first] = item.order_items?.L ?? [];
      const [product_id, quantity] = [first?.M?.product_id?.N, first?.M?.quantity?.N];
      const place = {
        topic: String(item._topic?.S),
        partition: Number(item._partition?.N),
        offset: Number(item._offset?.N),
      };
      const content = {
        key: String(item.order_id?.S),
        version: Number(quantity),
        content: String(product_id),
      };
      yield { event: 'item', look: looks, ...place, ...content };
    }
  }

  return {
    proxies,
    environment: {
      SINKS: 'dynamodb,s3,stdout',
      DYNAMODB_TABLE: table.name,
      S3_BUCKET: bucket.name,
      S3_FORCE_PATH_STYLE: 'true',
      S3_FLUSH_MS: '2000',
      S3_FLUSH_RECORDS: '100',
      ...tableStore.environment,
      ...fileStore.environment,
      AWS_ENDPOINT_URL_DYNAMODB: proxies.dynamodb.endpoint,
      AWS_ENDPOINT_URL_S3: proxies.s3.endpoint,
    },
    /** For a member whose requests no rule shall see. */
    withoutProxies: {
      AWS_ENDPOINT_URL_DYNAMODB: tableStore.endpoint,
      AWS_ENDPOINT_URL_S3: fileStore.endpoint,
    },
    readItems,
    readFiles,
    /** The uploads that were begun, and neither completed nor aborted. */
    async openUploads(): Promise<string[]> {
      const request = new ListMultipartUploadsCommand({ Bucket: bucket.name });
      const { Uploads = [] } = await bucket.client.send(request);
      return Uploads.map(({ Key }) => String(Key));
    },
  };
}

function* readLines(file: Buffer): Generator<unknown> {
  for (const line of file.toString().split('\n').slice(0, -1)) yield parseExactJson(line);
}
