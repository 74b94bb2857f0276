import { exitCodes, parseArguments } from '@order-stream/command-line';
import type { Command, Terminal } from '../command.ts';
import { printItem } from './print-item.ts';
import { requestTo, StoreError } from './store-error.ts';
import { loadStoreSettings } from './store-settings.ts';

const help = `orders items get KEY [flags]: print one item of the DynamoDB sink

  KEY        value of the attribute DYNAMODB_KEY (default order_id)
  --number   the key is a number
  --json     on one line
  --help     this text

Numbers have all their digits. Bytes are base64. The attributes that begin with _ say which record was
stored. The table is DYNAMODB_TABLE (required). AWS_REGION is required; endpoint and credentials are
what the AWS SDK finds: AWS_ENDPOINT_URL_DYNAMODB for a local store, AWS_PROFILE, and so on.

Exit code: 0 printed, 1 there is no such item, or the table refused or did not answer, 2 wrong flags,
78 wrong environment.`;

async function run(argv: string[], { env, stdout }: Terminal): Promise<number> {
  const { words, flags } = parseArguments(
    argv,
    { number: { type: 'boolean', default: false }, json: { type: 'boolean', default: false } },
    { min: 1, max: 1, expected: 'the key of an item' },
  );
  const settings = loadStoreSettings(env, ['DYNAMODB_TABLE']);
  const { DYNAMODB_TABLE: TableName, DYNAMODB_KEY: name } = settings;
  const key = words[0] as string;
  const { DynamoDBClient, GetItemCommand } = await import('@aws-sdk/client-dynamodb');
  const client = new DynamoDBClient(settings.client);
  const store = `table ${TableName}`;
  try {
    const Key = { [name]: flags.number ? { N: key } : { S: key } };
    const request = new GetItemCommand({ TableName, Key, ConsistentRead: true });
    const { Item } = await requestTo(store, client.send(request));
    if (Item === undefined) throw new StoreError(`${store}: no item has ${name} '${key}'`);
    stdout.write(`${printItem(Item, flags.json ? undefined : 2)}\n`);
  } finally {
    client.destroy();
  }
  return exitCodes.ok;
}

export const itemsGetCommand: Command = {
  words: ['items', 'get'],
  summary: 'print one item of the DynamoDB sink',
  help,
  run,
};
