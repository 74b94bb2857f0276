import {
  type ConfigFault,
  choice,
  type Environment,
  kafkaRules,
  loadConfig,
  maxTopicNameLength,
  type RegistrySettings,
  registriesDiffer,
  registrySettings,
  type ServiceConfig,
  secondaryRegistrySettings,
  secondaryRegistryVariables,
  serviceVariables,
  topicName,
} from '@order-stream/runtime';
import Type, { type Static } from 'typebox';
import { brakeWindowRecords } from './dead-letter-brake.ts';
import { type ReaderSchemaSetting, readerSchemaSetting } from './reader-schema.ts';
import { kindNamed, sinkNames, sinkVariables } from './sinks/all-sinks.ts';

/** The descriptions are the text of docs/configuration.md. */
export const consumerVariables = Type.Object({
  ...serviceVariables({ management: 9465 }),
  TOPIC_NAMES: Type.Array(topicName(), {
    minItems: 1,
    uniqueItems: true,
    default: ['orders'],
    description: 'Topics to read',
  }),
  DLQ_TOPIC: Type.Optional(
    topicName({
      description: 'Dead-letter topic of all topics. When absent, each topic has `<topic>.dlq`',
    }),
  ),
  GROUP_ID: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 255,
      description:
        'Consumer group. When absent, `<first topic>-group-01`. A new group reads from the earliest offset',
    }),
  ),
  SESSION_TIMEOUT_MS: Type.Integer({
    minimum: 1_000,
    maximum: 1_800_000,
    default: 30_000,
    description:
      'Time without a heartbeat after which the group gives the partitions of this member to others. Within `group.min.session.timeout.ms` and `group.max.session.timeout.ms` of the broker',
  }),
  HEARTBEAT_INTERVAL_MS: Type.Integer({
    minimum: 100,
    maximum: 600_000,
    default: 3_000,
    description: 'Time between heartbeats, at most a third of `SESSION_TIMEOUT_MS`',
  }),
  MAX_PARTITION_FETCH_BYTES: Type.Integer({
    minimum: 1_024,
    maximum: 10_485_760,
    default: 262_144,
    description:
      'Bytes of one partition that a fetch returns, one record batch at least. Memory grows with it: a fetch holds one object per record',
  }),
  SINKS: Type.Array(Type.String(), {
    minItems: 1,
    uniqueItems: true,
    default: ['stdout'],
    description: `Where records go, each to all of them: ${sinkNames.map((name) => `\`${name}\``).join(', ')}`,
  }),
  MAX_IN_FLIGHT_BYTES: Type.Integer({
    minimum: 1_048_576,
    maximum: 4_294_967_296,
    default: 67_108_864,
    description:
      'Bytes of records that the sinks keep in memory before they are stored, over all partitions. At the limit, reading waits, and the `s3` sink stores its largest open file',
  }),
  DLQ_LIMIT_PERCENT: Type.Integer({
    minimum: 0,
    maximum: 100,
    default: 50,
    description:
      'The dead-letter brake: a partition is held when more than this share of its last 1000 records (100 at least) were refused. `0`: no limit',
  }),
  DLQ_LIMIT_CONSECUTIVE: Type.Integer({
    minimum: 0,
    maximum: brakeWindowRecords,
    default: 100,
    description:
      'The dead-letter brake: a partition is held after this number of refused records in a row. `0`: no limit',
  }),
  ...sinkVariables,
  ...secondaryRegistryVariables,
  UNFRAMED_VALUES: choice(
    ['dlq', 'json'],
    'dlq',
    'How values that begin with no frame of a registry are handled. `dlq`: sent to the dead-letter topic; `json`: read as JSON text, and sent there if they are not',
  ),
  READER_SCHEMA: Type.String({
    default: 'writer',
    description:
      'Which schema Avro values are resolved to. `writer`: read as written; `latest`: the latest version of the schema that a record was written with, asked again every 5 minutes; else the path of an `.avsc` file, for topics with one type of record',
  }),
  TOMBSTONES: choice(
    ['ignore', 'delete', 'dlq'],
    'ignore',
    'How records with a null value are handled. `ignore`: skipped; `delete`: delivered as deletions, which stdout prints as a line with the value null; `dlq`: sent to the dead-letter topic',
  ),
});

type ConsumerVariables = Static<typeof consumerVariables>;

export type ConsumerConfig = ServiceConfig<ConsumerVariables> & {
  secondaryRegistry: RegistrySettings;
  readerSchema: ReaderSchemaSetting;
};

/**
 * @param stdoutIsClosed whether the process was started without standard output
 * @throws ConfigError with every fault, by variable name
 */
export function loadConsumerConfig(env: Environment, stdoutIsClosed = false): ConsumerConfig {
  const rules = [
    kafkaRules,
    registriesDiffer,
    sinksAreKnown,
    sinksAreConfigured,
    ...(stdoutIsClosed ? [stdoutIsOpen] : []),
    deadLettersAreNotRead,
    heartbeatsFitSession,
    deadLetterTopicsHaveNames,
    plainJsonHasNoReaderSchema,
  ];
  return loadConfig(consumerVariables, env, rules, {
    registry: registrySettings,
    secondaryRegistry: secondaryRegistrySettings,
    readerSchema: ({ READER_SCHEMA }) => readerSchemaSetting(READER_SCHEMA),
  });
}

export function groupIdOf(config: ConsumerConfig): string {
  return config.GROUP_ID ?? `${config.TOPIC_NAMES[0]}-group-01`;
}

export function deadLetterTopicOf(config: ConsumerConfig, topic: string): string {
  return config.DLQ_TOPIC ?? `${topic}.dlq`;
}

function sinksAreKnown({ SINKS = [] }: Partial<ConsumerVariables>): ConfigFault[] {
  if (SINKS.every((name) => kindNamed(name) !== undefined)) return [];
  return [{ variable: 'SINKS', problem: `must be a list of ${sinkNames.join(', ')}` }];
}

function sinksAreConfigured(config: Partial<ConsumerVariables>): ConfigFault[] {
  return (config.SINKS ?? []).flatMap((name) => kindNamed(name)?.faults?.(config) ?? []);
}

/** Records that are printed to a closed stdout are lost, and yet would be committed. */
function stdoutIsOpen({ SINKS = [] }: Partial<ConsumerVariables>): ConfigFault[] {
  if (!SINKS.includes('stdout')) return [];
  const problem =
    'must not include stdout while standard output is closed, or is /dev/null opened for reading and writing; open it, or discard the records by >/dev/null';
  return [{ variable: 'SINKS', problem }];
}

/** The default name is longer than the topic's. */
function deadLetterTopicsHaveNames(config: Partial<ConsumerVariables>): ConfigFault[] {
  const { TOPIC_NAMES = [], DLQ_TOPIC } = config;
  const isTooLong = (topic: string) => `${topic}.dlq`.length > maxTopicNameLength;
  if (DLQ_TOPIC !== undefined || !TOPIC_NAMES.some(isTooLong)) return [];
  const problem = `is required, because <topic>.dlq of a topic in TOPIC_NAMES has more than ${maxTopicNameLength} characters`;
  return [{ variable: 'DLQ_TOPIC', problem }];
}

/** A dead letter that is read again would be written again for ever. */
function deadLettersAreNotRead(config: Partial<ConsumerVariables>): ConfigFault[] {
  const { TOPIC_NAMES = [], DLQ_TOPIC } = config;
  const read = TOPIC_NAMES.find((topic) => TOPIC_NAMES.includes(DLQ_TOPIC ?? `${topic}.dlq`));
  if (read === undefined) return [];
  return [{ variable: 'DLQ_TOPIC', problem: 'must not be one of TOPIC_NAMES' }];
}

/** A member must survive two lost heartbeats. */
function heartbeatsFitSession(config: Partial<ConsumerVariables>): ConfigFault[] {
  const { SESSION_TIMEOUT_MS: session, HEARTBEAT_INTERVAL_MS: heartbeat } = config;
  if (session === undefined || heartbeat === undefined || heartbeat * 3 <= session) return [];
  const problem = `must be at most a third of SESSION_TIMEOUT_MS: ${Math.floor(session / 3)}`;
  return [{ variable: 'HEARTBEAT_INTERVAL_MS', problem }];
}

/** Without a registry, values are plain JSON, which has no schema to resolve. */
function plainJsonHasNoReaderSchema(config: Partial<ConsumerVariables>): ConfigFault[] {
  const { SCHEMA_REGISTRY, READER_SCHEMA } = config;
  if (SCHEMA_REGISTRY !== 'none' || READER_SCHEMA === 'writer') return [];
  return [{ variable: 'READER_SCHEMA', problem: 'must be writer when SCHEMA_REGISTRY is none' }];
}
