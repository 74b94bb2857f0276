import { httpUrl } from '@order-stream/runtime';
import Type from 'typebox';
import { sinkKind } from '../sink-kind.ts';
import { createDynamoDbSink } from './dynamodb-sink.ts';
import { positionAttributes } from './write-condition.ts';

export const dynamodbSink = sinkKind({
  variables: {
    DYNAMODB_TABLE: Type.Optional(
      Type.String({
        pattern:
          '^([a-zA-Z0-9_.-]{3,255}|arn:[^:]+:dynamodb:[^:]+:[0-9]+:table/[a-zA-Z0-9_.-]{3,255})$',
        description:
          'Table of the `dynamodb` sink, or its ARN when it is in another account. Its only key is a partition key. Required with that sink',
      }),
    ),
    DYNAMODB_KEY: Type.String({
      minLength: 1,
      maxLength: 255,
      default: 'order_id',
      description:
        'The partition key of the table, and the field of the value that it is taken from',
    }),
    DYNAMODB_TOMBSTONE_KEY: Type.String({
      pattern: '^(/([^~/]|~[01])*)+$',
      default: '/order_id',
      description:
        'JSON pointer into the record key, which gives the key of the item that a record without a value deletes (`TOMBSTONES=delete`), such as `/id` for keys of Debezium',
    }),
    AWS_ENDPOINT_URL_DYNAMODB: Type.Optional(
      httpUrl({ description: 'Endpoint of DynamoDB, read by the AWS SDK' }),
    ),
  },
  faults: ({ DYNAMODB_TABLE: table, DYNAMODB_KEY: key }) => [
    ...(table === undefined
      ? [{ variable: 'DYNAMODB_TABLE', problem: 'is required when SINKS includes dynamodb' }]
      : []),
    ...(key !== undefined && positionAttributes.some((name) => name === key)
      ? [
          {
            variable: 'DYNAMODB_KEY',
            problem: `must not be ${key}, which holds where a record is from`,
          },
        ]
      : []),
  ],
  create: (config, { budget, region, tombstones }) =>
    createDynamoDbSink({
      table: config.DYNAMODB_TABLE as string,
      key: config.DYNAMODB_KEY,
      tombstoneKey: config.DYNAMODB_TOMBSTONE_KEY,
      tombstones,
      region,
      budget,
    }),
});
