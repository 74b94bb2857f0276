import {
  awsVariables,
  type ConfigFault,
  choice,
  type Environment,
  kafkaRules,
  kafkaVariables,
  loadConfig,
  port,
  registryRules,
  registryVariables,
  serviceVariables,
  tracingVariables,
} from '@order-stream/runtime';
import Type, { type Static } from 'typebox';

/** The descriptions are what docs/configuration.md says. */
export const producerVariables = Type.Object({
  ...kafkaVariables,
  ...awsVariables,
  ...registryVariables,
  ...serviceVariables({ management: 9464 }),
  ...tracingVariables,
  PORT: port(3000, 'Where orders are taken'),
  TOPIC_NAME: Type.String({
    minLength: 1,
    maxLength: 249,
    default: 'orders',
    description: 'Topic that orders are written to',
  }),
  SCHEMA_NAME_STRATEGY: choice(
    ['topic-value', 'topic'],
    'topic-value',
    'Name of the schema: `<topic>-value`, as the Python library has it, or the topic, as the Java library',
  ),
  SCHEMA_AUTO_REGISTRATION: Type.Boolean({
    default: true,
    description: '`false` writes only with a schema that is registered already',
  }),
  SCHEMA_COMPATIBILITY: choice(
    ['NONE', 'DISABLED', 'BACKWARD', 'BACKWARD_ALL', 'FORWARD', 'FORWARD_ALL', 'FULL', 'FULL_ALL'],
    'BACKWARD',
    'Mode of a schema that is created here',
  ),
  SCHEMA_COMPRESSION: choice(
    ['none', 'zlib'],
    'none',
    '`zlib` compresses the values that become smaller by it',
  ),
  REQUEST_TIMEOUT_MS: Type.Integer({
    minimum: 100,
    maximum: 60_000,
    default: 10_000,
    description: 'Until an order is answered, 201 or 503',
  }),
  MAX_IN_FLIGHT: Type.Integer({
    minimum: 1,
    default: 1_000,
    description: 'Orders accepted and not yet answered; above, 503',
  }),
  MAX_IN_FLIGHT_BYTES: Type.Integer({
    minimum: 1_048_576,
    default: 16_777_216,
    description: 'Their bytes; above, 503',
  }),
  AUTH_MODE: Type.Optional(
    Type.Enum(['none'], {
      description: 'The only mode so far; must be stated unless `HOST` is loopback',
    }),
  ),
  LOG_REQUESTS_PER_SECOND: Type.Integer({
    minimum: 0,
    default: 10,
    description: 'Successful requests in the log; refused ones always are',
  }),
});

export type ProducerConfig = Static<typeof producerVariables>;

/** @throws ConfigError with every fault, by variable name */
export function loadProducerConfig(env: Environment): ProducerConfig {
  return loadConfig(producerVariables, env, [
    kafkaRules,
    registryRules,
    theRegistryKnowsIt,
    openDoorIsStated,
    endsInTime,
  ]);
}

/** Nobody opens a port to a network without authentication by forgetting a variable. */
function openDoorIsStated(config: Partial<ProducerConfig>): ConfigFault[] {
  if (config.AUTH_MODE !== undefined || isLoopback(config.HOST ?? '')) return [];
  return [{ variable: 'AUTH_MODE', problem: `must be stated when HOST is ${config.HOST}` }];
}

/** Glue's frame alone has compression, and Glue alone the mode DISABLED. */
function theRegistryKnowsIt(config: Partial<ProducerConfig>): ConfigFault[] {
  const kind = config.SCHEMA_REGISTRY;
  if (kind === undefined || kind === 'glue') return [];
  const problem = `is nothing that SCHEMA_REGISTRY ${kind} knows`;
  return [
    ...(kind === 'confluent' && config.SCHEMA_COMPATIBILITY === 'DISABLED'
      ? [{ variable: 'SCHEMA_COMPATIBILITY', problem: `DISABLED ${problem}` }]
      : []),
    ...(config.SCHEMA_COMPRESSION === 'zlib'
      ? [{ variable: 'SCHEMA_COMPRESSION', problem: `zlib ${problem}` }]
      : []),
  ];
}

/** SIGTERM gives 25 s: for the drain delay, then for the answers to what was taken last. */
function endsInTime(config: Partial<ProducerConfig>): ConfigFault[] {
  const { DRAIN_DELAY_MS = 0, REQUEST_TIMEOUT_MS = 0 } = config;
  if (DRAIN_DELAY_MS + REQUEST_TIMEOUT_MS <= 23_000) return [];
  return [
    {
      variable: 'REQUEST_TIMEOUT_MS',
      problem: 'and DRAIN_DELAY_MS together may be 23000 at most, so that SIGTERM ends within 25 s',
    },
  ];
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.');
}
