import {
  type ConfigFault,
  choice,
  type Environment,
  kafkaRules,
  loadConfig,
  maxTopicNameLength,
  type RegistrySettings,
  registrySettings,
  type ServiceConfig,
  serviceVariables,
  topicName,
} from '@order-stream/runtime';
import Type, { type Static } from 'typebox';

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
    description: '`stdout` is the only sink so far',
  }),
  SECONDARY_SCHEMA_REGISTRY: choice(
    ['none', 'glue', 'confluent'],
    'none',
    'A second registry. Its records are read as well, while a topic moves from one kind to the other',
  ),
  TOMBSTONES: choice(['ignore', 'dlq'], 'ignore', 'How records with a null value are handled'),
});

type ConsumerVariables = Static<typeof consumerVariables>;

export type ConsumerConfig = ServiceConfig<ConsumerVariables> & {
  secondaryRegistry: RegistrySettings;
};

/**
 * @param stdoutIsClosed whether the process was started without standard output
 * @throws ConfigError with every fault, by variable name
 */
export function loadConsumerConfig(env: Environment, stdoutIsClosed = false): ConsumerConfig {
  const rules = [
    kafkaRules,
    registriesDiffer,
    stdoutIsClosed ? sinksHaveNoOutput : sinksAreKnown,
    deadLettersAreNotRead,
    heartbeatsFitSession,
    deadLetterTopicsHaveNames,
  ];
  return loadConfig(consumerVariables, env, rules, {
    registry: registrySettings,
    secondaryRegistry,
  });
}

export function groupIdOf(config: ConsumerConfig): string {
  return config.GROUP_ID ?? `${config.TOPIC_NAMES[0]}-group-01`;
}

export function deadLetterTopicOf(config: ConsumerConfig, topic: string): string {
  return config.DLQ_TOPIC ?? `${topic}.dlq`;
}

function secondaryRegistry(config: Partial<ConsumerVariables>): RegistrySettings {
  const { SECONDARY_SCHEMA_REGISTRY: kind, SCHEMA_SNAPSHOT_FILE: file } = config;
  return registrySettings(config, {
    ...(kind !== undefined && { SCHEMA_REGISTRY: kind }),
    ...(file !== undefined && { SCHEMA_SNAPSHOT_FILE: `${file}.other` }),
  });
}

function registriesDiffer(config: Partial<ConsumerVariables>): ConfigFault[] {
  const { SCHEMA_REGISTRY: first, SECONDARY_SCHEMA_REGISTRY: second } = config;
  const fit = first === 'none' ? second === 'none' : second !== first;
  if (fit || first === undefined || second === undefined) return [];
  const problem = `must not be ${second} when SCHEMA_REGISTRY is ${first}`;
  return [{ variable: 'SECONDARY_SCHEMA_REGISTRY', problem }];
}

function sinksAreKnown({ SINKS = [] }: Partial<ConsumerVariables>): ConfigFault[] {
  if (SINKS.every((sink) => sink === 'stdout')) return [];
  return [{ variable: 'SINKS', problem: 'must be stdout' }];
}

/** Records that are printed to a closed stdout are lost, and yet would be committed. */
function sinksHaveNoOutput(config: Partial<ConsumerVariables>): ConfigFault[] {
  const faults = sinksAreKnown(config);
  if (config.SINKS?.includes('stdout'))
    faults.push({
      variable: 'SINKS',
      problem:
        'must not include stdout while standard output is closed, or is /dev/null opened for reading and writing; open it, or discard the records by >/dev/null',
    });
  return faults;
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
