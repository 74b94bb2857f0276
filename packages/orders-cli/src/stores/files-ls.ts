import { exitCodes, parseArguments } from '@order-stream/command-line';
import type { Command, Terminal } from '../command.ts';
import { printable } from '../output/printable.ts';
import { requestTo } from './store-error.ts';
import { loadStoreSettings } from './store-settings.ts';

const help = `orders files ls [PREFIX] [flags]: list the files of the S3 sink

  PREFIX     (default S3_PREFIX and a slash, topics/)
  --json     one JSON object for each file
  --help     this text

Each line has the size in bytes, the time and the key. A file's key ends with the first offset of its
range. The bucket is S3_BUCKET (required). AWS_REGION is required; endpoint and credentials are what
the AWS SDK finds: AWS_ENDPOINT_URL_S3 with S3_FORCE_PATH_STYLE=true for a local store, AWS_PROFILE, ...

Exit code: 0 listed, 1 the bucket refused or did not answer, 2 wrong flags, 78 wrong environment.`;

async function run(argv: string[], { env, stdout, stop }: Terminal): Promise<number> {
  const { words, flags } = parseArguments(
    argv,
    { json: { type: 'boolean', default: false } },
    { min: 0, max: 1, expected: 'at most one prefix' },
  );
  const settings = loadStoreSettings(env, ['S3_BUCKET']);
  const { ListObjectsV2Command } = await import('@aws-sdk/client-s3');
  const { s3Client } = await import('./order-bucket.ts');
  const client = s3Client(settings);
  const { S3_BUCKET: Bucket, S3_PREFIX } = settings;
  const Prefix = words[0] ?? (S3_PREFIX === '' ? '' : `${S3_PREFIX}/`);
  try {
    let ContinuationToken: string | undefined;
    do {
      const page = await requestTo(
        `bucket ${Bucket}`,
        client.send(new ListObjectsV2Command({ Bucket, Prefix, ContinuationToken })),
      );
      for (const { Key: key = '', Size: bytes = 0, LastModified } of page.Contents ?? []) {
        const modified = LastModified?.toISOString() ?? '';
        const line = flags.json
          ? JSON.stringify({ key, bytes, modified })
          : `${String(bytes).padStart(12)}  ${modified}  ${printable(key)}`;
        stdout.write(`${line}\n`);
      }
      ContinuationToken = page.NextContinuationToken;
    } while (ContinuationToken !== undefined && !stop.aborted);
  } finally {
    client.destroy();
  }
  return exitCodes.ok;
}

export const filesLsCommand: Command = {
  words: ['files', 'ls'],
  summary: 'list the files of the S3 sink',
  help,
  run,
};
