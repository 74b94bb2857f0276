import { choice, httpUrl, timeZone } from '@order-stream/runtime';
import Type from 'typebox';
import { sinkKind } from '../sink-kind.ts';
import { avroCodecs } from './avro-file.ts';
import { createS3Sink } from './s3-sink.ts';

const mebibyte = 1024 * 1024;
const dayMs = 86_400_000;

export const s3Sink = sinkKind({
  variables: {
    S3_BUCKET: Type.Optional(
      Type.String({
        minLength: 3,
        maxLength: 255,
        description: 'Bucket of the `s3` sink. Required for it',
      }),
    ),
    S3_PREFIX: Type.String({
      pattern: '^([^/]+(/[^/]+)*)?$',
      maxLength: 256,
      default: 'topics',
      description: 'First folder of all files, without a slash at either end',
    }),
    S3_FORMAT: choice(
      ['json', 'avro'],
      'json',
      'Content of the files: one JSON value a line, or Avro container files. Change it only while no member of the group runs',
    ),
    S3_AVRO_CODEC: choice([...avroCodecs], 'deflate', 'Compression of Avro files'),
    S3_FLUSH_RECORDS: Type.Integer({
      minimum: 1,
      maximum: 10_000_000,
      default: 100,
      description: 'Records after which a file is closed',
    }),
    S3_FLUSH_MS: Type.Integer({
      minimum: 1_000,
      maximum: dayMs,
      default: 60_000,
      description:
        'Longest time that a file is open. Files are closed at the multiples of it from local midnight, and at midnight',
    }),
    S3_FLUSH_BYTES: Type.Integer({
      minimum: 1_024,
      maximum: 5_368_709_120,
      default: 64 * mebibyte,
      description: 'Bytes after which a file is closed',
    }),
    S3_PART_BYTES: Type.Integer({
      minimum: 5 * mebibyte,
      maximum: 1_073_741_824,
      default: 8 * mebibyte,
      description:
        'A file that grows to it is uploaded in parts of this size, so that it need not stay in memory. S3 takes no smaller parts than 5 MiB',
    }),
    S3_TIMEZONE: timeZone({
      default: 'UTC',
      description: 'Time zone of `S3_FLUSH_MS`, such as `Australia/Sydney`',
    }),
    S3_FORCE_PATH_STYLE: Type.Boolean({
      default: false,
      description:
        'Puts the name of the bucket into the path of the URL and not into the host name: for local stores',
    }),
    AWS_ENDPOINT_URL_S3: Type.Optional(
      httpUrl({ description: 'Endpoint of S3, read by the AWS SDK: the URL of a local store' }),
    ),
  },
  faults: ({ S3_BUCKET: bucket }) =>
    bucket === undefined
      ? [{ variable: 'S3_BUCKET', problem: 'is required when SINKS includes s3' }]
      : [],
  create: (config, { budget, serviceVersion, region, flushed }) =>
    createS3Sink({
      bucket: config.S3_BUCKET as string,
      prefix: config.S3_PREFIX,
      format: config.S3_FORMAT,
      avroCodec: config.S3_AVRO_CODEC,
      flushRecords: config.S3_FLUSH_RECORDS,
      flushMs: config.S3_FLUSH_MS,
      flushBytes: config.S3_FLUSH_BYTES,
      partBytes: config.S3_PART_BYTES,
      timeZone: config.S3_TIMEZONE,
      forcePathStyle: config.S3_FORCE_PATH_STYLE,
      serviceVersion,
      budget,
      onStored: (trigger, seconds) => flushed('s3', trigger, seconds),
      clientConfig: region === undefined ? {} : { region },
    }),
});
