// The baseline of `npm run bench:consumer -- --sink dynamodb`: the AWS SDK alone puts items like those of the sink, with as many
// requests in flight.
import { randomUUID } from 'node:crypto';
import { type AttributeValue, DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { measureThisProcess } from './process-usage.ts';

const [endpoint, count] = process.argv.slice(2) as [string, string];
const inFlight = 64;
const items = Number(count);
const client = new DynamoDBClient({
  endpoint,
  region: 'us-east-1',
  credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  maxAttempts: 1,
  requestHandler: { httpAgent: { keepAlive: true, maxSockets: inFlight } },
});

const item = (offset: number): Record<string, AttributeValue> => ({
  order_id: { S: randomUUID() },
  ordered_at: { N: '1680745813045' },
  user_id: { S: 'dicxa' },
  order_items: { L: [{ M: { product_id: { N: '4711' }, quantity: { N: '3' } } }] },
  _topic: { S: 'orders' },
  _partition: { N: '3' },
  _offset: { N: String(offset) },
  _timestamp: { N: '1680745813045' },
});

let begun = 0;
const put = async (): Promise<void> => {
  while (begun < items) {
    begun += 1;
    const Item = item(begun);
    const ConditionExpression = 'attribute_not_exists(order_id)';
    await client.send(new PutItemCommand({ TableName: 'bench', Item, ConditionExpression }));
  }
};

const print = measureThisProcess();
await Promise.all(Array.from({ length: inFlight }, put));
print(items);
client.destroy();
