import { randomUUID } from 'node:crypto';
import {
  type AttributeValue,
  CreateTableCommand,
  DynamoDBClient,
  paginateScan,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import { localCredentials } from './local-credentials.ts';

export type Item = Record<string, AttributeValue>;

/** Creates a table in moto or dynalite, named for one test. */
export async function createTable(
  endpoint: string,
  options: { key?: string; keyType?: 'S' | 'N' | 'B'; name?: string } = {},
) {
  const { key = 'order_id', keyType = 'S', name = `orders-${randomUUID()}` } = options;
  const client = new DynamoDBClient(clientOptions(endpoint));
  await client.send(
    new CreateTableCommand({
      TableName: name,
      KeySchema: [{ AttributeName: key, KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: key, AttributeType: keyType }],
      BillingMode: 'PAY_PER_REQUEST',
    }),
  );
  await waitUntilTableExists({ client, minDelay: 1, maxWaitTime: 30 }, { TableName: name });
  return {
    name,
    /** All items by their key, as DynamoDB writes them: numbers are strings of digits. */
    async items(): Promise<Map<string, Item>> {
      const found = new Map<string, Item>();
      const pages = paginateScan({ client }, { TableName: name, ConsistentRead: true });
      for await (const { Items = [] } of pages)
        for (const item of Items) found.set(item[key]?.S as string, item);
      return found;
    },
    /** For requests of a test's own. */
    client,
  };
}

export function clientOptions(endpoint: string) {
  const { AWS_REGION, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY } = localCredentials;
  return {
    endpoint,
    region: AWS_REGION,
    credentials: { accessKeyId: AWS_ACCESS_KEY_ID, secretAccessKey: AWS_SECRET_ACCESS_KEY },
  };
}
