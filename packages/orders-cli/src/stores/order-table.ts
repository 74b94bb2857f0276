import {
  CreateTableCommand,
  DescribeTableCommand,
  DynamoDBClient,
  type KeySchemaElement,
  ResourceInUseException,
  ResourceNotFoundException,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import { requestTo, StoreError } from './store-error.ts';
import type { StoreSettings } from './store-settings.ts';

const readyWithinSeconds = 60;

/**
 * Creates the table of orders unless it exists.
 *
 * @returns whether it was created
 * @throws StoreError also when the table has another key
 */
export async function createTable(settings: StoreSettings): Promise<boolean> {
  const { DYNAMODB_TABLE: TableName = '', DYNAMODB_KEY: key } = settings;
  const client = new DynamoDBClient(settings.client);
  const store = `table ${TableName}`;
  try {
    const found = await requestTo(store, keyOf(client, TableName));
    if (found !== undefined) {
      assertKey(store, found, key);
      return false;
    }
    const command = new CreateTableCommand({
      TableName,
      KeySchema: [{ AttributeName: key, KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: key, AttributeType: 'S' }],
      BillingMode: 'PAY_PER_REQUEST',
    });
    const created = client.send(command).then(
      () => true,
      (error) => {
        // Another run was faster.
        if (error instanceof ResourceInUseException) return false;
        throw error;
      },
    );
    const isNew = await requestTo(store, created);
    const waiting = { client, minDelay: 1, maxDelay: 2, maxWaitTime: readyWithinSeconds };
    await requestTo(store, waitUntilTableExists(waiting, { TableName }));
    return isNew;
  } finally {
    client.destroy();
  }
}

async function keyOf(
  client: DynamoDBClient,
  TableName: string,
): Promise<readonly KeySchemaElement[] | undefined> {
  try {
    const { Table } = await client.send(new DescribeTableCommand({ TableName }));
    return Table?.KeySchema ?? [];
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return undefined;
    throw error;
  }
}

/** The sink writes one item for each value of the partition key. */
function assertKey(store: string, found: readonly KeySchemaElement[], key: string): void {
  const names = found.map(({ AttributeName }) => AttributeName);
  if (names.length === 1 && names[0] === key) return;
  throw new StoreError(
    `${store}: expected the key ${key} alone, found ${names.join(', ')}; use another table or set DYNAMODB_KEY`,
  );
}
