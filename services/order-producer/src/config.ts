import {
  type ConfigFault,
  choice,
  type Environment,
  kafkaRules,
  loadConfig,
  port,
  registrySettings,
  type ServiceConfig,
  serviceVariables,
  topicName,
} from '@order-stream/runtime';
import Type, { type Static } from 'typebox';

/** The descriptions are the text of docs/configuration.md. */
export const producerVariables = Type.Object({
  ...serviceVariables({ management: 9464 }),
  PORT: port(3000, 'Port for orders'),
  TOPIC_NAME: topicName({ default: 'orders', description: 'Topic that orders are written to' }),
  SCHEMA_NAME_STRATEGY: choice(
    ['topic-value', 'topic'],
    'topic-value',
    'Name of the schema: `<topic>-value` as in the Python library, or the topic as in the Java library',
  ),
  SCHEMA_AUTO_REGISTRATION: Type.Boolean({
    default: true,
    description: '`false`: only schemas that are already registered are used',
  }),
  SCHEMA_COMPATIBILITY: choice(
    ['NONE', 'DISABLED', 'BACKWARD', 'BACKWARD_ALL', 'FORWARD', 'FORWARD_ALL', 'FULL', 'FULL_ALL'],
    'BACKWARD',
    'Mode of schemas that the producer creates',
  ),
  SCHEMA_COMPRESSION: choice(
    ['none', 'zlib'],
    'none',
    '`zlib` compresses values that become smaller',
  ),
  REQUEST_TIMEOUT_MS: Type.Integer({
    minimum: 100,
    maximum: 60_000,
    default: 10_000,
    description: 'Longest time until an order is answered with 201 or 503',
  }),
  COMPRESSION_TYPE: choice(
    ['none', 'gzip', 'snappy', 'lz4', 'zstd'],
    'none',
    'Compression of record batches on the topic',
  ),
  MAX_IN_FLIGHT: Type.Integer({
    minimum: 1,
    default: 1_000,
    description: 'Orders accepted and not yet answered; further orders get 503',
  }),
  MAX_IN_FLIGHT_BYTES: Type.Integer({
    minimum: 1_048_576,
    default: 16_777_216,
    description:
      'Bytes of those orders; further orders get 503. The same limit, counted apart, for bodies that have arrived in part: the largest get 503',
  }),
  AUTH_MODE: Type.Optional(
    Type.Enum(['none'], {
      description: 'The only mode so far; required unless `HOST` is a loopback address',
    }),
  ),
  LOG_REQUESTS_PER_SECOND: Type.Integer({
    minimum: 0,
    default: 10,
    description: 'Successful requests that are logged; rejected requests are always logged',
  }),
});

type ProducerVariables = Static<typeof producerVariables>;

export type ProducerConfig = ServiceConfig<ProducerVariables>;

/** @throws ConfigError with every fault, by variable name */
export function loadProducerConfig(env: Environment): ProducerConfig {
  const rules = [kafkaRules, registrySupportsOptions, authModeIsExplicit, shutdownFitsDeadline];
  return loadConfig(producerVariables, env, rules, { registry: registrySettings });
}

/** Without this rule, a forgotten variable opens a port to a network without authentication. */
function authModeIsExplicit(config: Partial<ProducerVariables>): ConfigFault[] {
  if (config.AUTH_MODE !== undefined || isLoopback(config.HOST ?? '')) return [];
  return [{ variable: 'AUTH_MODE', problem: `must be set when HOST is ${config.HOST}` }];
}

/** Only Glue's frame has compression, and only Glue has the mode DISABLED. */
function registrySupportsOptions(config: Partial<ProducerVariables>): ConfigFault[] {
  const kind = config.SCHEMA_REGISTRY;
  if (kind === undefined || kind === 'glue') return [];
  const problem = `is not supported with SCHEMA_REGISTRY=${kind}`;
  return [
    ...(kind === 'confluent' && config.SCHEMA_COMPATIBILITY === 'DISABLED'
      ? [{ variable: 'SCHEMA_COMPATIBILITY', problem: `DISABLED ${problem}` }]
      : []),
    ...(config.SCHEMA_COMPRESSION === 'zlib'
      ? [{ variable: 'SCHEMA_COMPRESSION', problem: `zlib ${problem}` }]
      : []),
  ];
}

/** After SIGTERM 25 s remain: for the drain delay, then for the requests in flight. */
function shutdownFitsDeadline(config: Partial<ProducerVariables>): ConfigFault[] {
  const { DRAIN_DELAY_MS = 0, REQUEST_TIMEOUT_MS = 0 } = config;
  if (DRAIN_DELAY_MS + REQUEST_TIMEOUT_MS <= 23_000) return [];
  return [
    {
      variable: 'REQUEST_TIMEOUT_MS',
      problem:
        'plus DRAIN_DELAY_MS must be at most 23000, so that the service stops within 25 s of SIGTERM',
    },
  ];
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.');
}
