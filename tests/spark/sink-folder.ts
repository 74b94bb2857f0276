import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { startConsumer } from '@order-stream/local-stack/consumer';
import type { startMoto } from '@order-stream/local-stack/moto';
import { createBucket } from '@order-stream/local-stack/order-bucket';
import type { ProcessOwner } from '@order-stream/local-stack/service-process';
import { isAllCommitted } from '@order-stream/local-stack/topics';
import { until } from '@order-stream/local-stack/until';

/** Copies the files that the consumer's S3 sink stores of these topics to a folder. Returns the folder of each topic. */
export async function storeFiles(options: {
  context: ProcessOwner;
  moto: Awaited<ReturnType<typeof startMoto>>;
  bootstrapServers: string;
  registry: { endpoint: string };
  topics: string[];
  format: 'json' | 'avro';
  folder: string;
}): Promise<string[]> {
  const { moto, topics, format, folder, bootstrapServers, ...others } = options;
  const bucket = await createBucket(moto.endpoint);
  const groupId = `spark-${format}-${bucket.name}`;
  const consumer = await startConsumer({
    ...{ ...others, bootstrapServers, topic: topics.join(',') },
    env: {
      ...moto.environment,
      ...{ SINKS: 's3', S3_BUCKET: bucket.name, S3_FORCE_PATH_STYLE: 'true', GROUP_ID: groupId },
      ...{ S3_FORMAT: format, S3_FLUSH_RECORDS: '25', S3_FLUSH_MS: '1000' },
    },
  });
  for (const topic of topics)
    await until('all is stored', () => isAllCommitted(bootstrapServers, groupId, topic), 120_000);
  await consumer.stop();
  for (const { key, body } of await bucket.files()) {
    const path = join(folder, format, key);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, body);
  }
  return topics.map((topic) => join(folder, format, 'topics', topic));
}
