import { exitCodes, parseArguments } from '@order-stream/command-line';
import { ConfigError } from '@order-stream/runtime';
import type { Command, Terminal } from '../command.ts';
import { loadStoreSettings } from './store-settings.ts';

const help = `orders stores create [flags]: create the table and the bucket of the consumer's sinks

  --json   the stores as one JSON object
  --help   this text

The environment names them: DYNAMODB_TABLE with the key DYNAMODB_KEY (default order_id), a string, and
S3_BUCKET. At least one is required. The command can be repeated: what exists is not changed. A table
whose key differs is an error. Capacity is on demand; all other settings are the account's defaults.
For production, infrastructure code creates both: the services never do.

AWS_REGION is required. Endpoints and credentials are what the AWS SDK finds: AWS_ENDPOINT_URL_DYNAMODB,
AWS_ENDPOINT_URL_S3 with S3_FORCE_PATH_STYLE=true for a local store, AWS_PROFILE, and so on.

Exit code: 0 both exist, 1 a store refused or did not answer, 2 wrong flags, 78 wrong environment.`;

async function run(argv: string[], { env, stdout }: Terminal): Promise<number> {
  const { flags } = parseArguments(argv, { json: { type: 'boolean', default: false } });
  const settings = loadStoreSettings(env, []);
  const stores: { kind: string; name: string; created: boolean }[] = [];
  // Each SDK takes a tenth of a second to load.
  if (settings.DYNAMODB_TABLE !== undefined) {
    const { createTable } = await import('./order-table.ts');
    const created = await createTable(settings);
    stores.push({ kind: 'table', name: settings.DYNAMODB_TABLE, created });
  }
  if (settings.S3_BUCKET !== undefined) {
    const { createBucket } = await import('./order-bucket.ts');
    const created = await createBucket(settings);
    stores.push({ kind: 'bucket', name: settings.S3_BUCKET, created });
  }
  if (stores.length === 0) {
    const problem = 'or S3_BUCKET is required: it names what to create';
    throw new ConfigError([{ variable: 'DYNAMODB_TABLE', problem }]);
  }
  if (flags.json) stdout.write(`${JSON.stringify({ stores })}\n`);
  else
    for (const { kind, name, created } of stores)
      stdout.write(`${kind} ${name}: ${created ? 'created' : 'exists'}\n`);
  return exitCodes.ok;
}

export const storesCreateCommand: Command = {
  words: ['stores', 'create'],
  summary: "create the table and the bucket of the consumer's sinks",
  help,
  run,
};
