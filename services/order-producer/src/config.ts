import {
  awsVariables,
  type ConfigFault,
  choice,
  type Environment,
  kafkaRules,
  kafkaVariables,
  loadConfig,
  port,
  regionOf,
  serviceVariables,
} from '@order-stream/runtime';
import Type, { type Static } from 'typebox';

const schema = Type.Object({
  ...kafkaVariables,
  ...awsVariables,
  ...serviceVariables({ management: 9464 }),
  PORT: port(3000),
  TOPIC_NAME: Type.String({ minLength: 1, maxLength: 249, default: 'orders' }),
  REGISTRY_NAME: Type.String({ pattern: '^[a-zA-Z0-9_$#.-]{1,255}$', default: 'customer' }),
  SCHEMA_NAME_STRATEGY: choice(['topic-value', 'topic'], 'topic-value'),
  SCHEMA_AUTO_REGISTRATION: Type.Boolean({ default: true }),
  SCHEMA_COMPATIBILITY: choice(
    ['NONE', 'DISABLED', 'BACKWARD', 'BACKWARD_ALL', 'FORWARD', 'FORWARD_ALL', 'FULL', 'FULL_ALL'],
    'BACKWARD',
  ),
  SCHEMA_COMPRESSION: choice(['none', 'zlib'], 'none'),
  REQUEST_TIMEOUT_MS: Type.Integer({ minimum: 100, maximum: 60_000, default: 10_000 }),
  MAX_IN_FLIGHT: Type.Integer({ minimum: 1, default: 1_000 }),
  MAX_IN_FLIGHT_BYTES: Type.Integer({ minimum: 1_048_576, default: 16_777_216 }),
  AUTH_MODE: Type.Optional(Type.Enum(['none'])),
  LOG_REQUESTS_PER_SECOND: Type.Integer({ minimum: 0, default: 10 }),
});

export type ProducerConfig = Static<typeof schema>;

/** @throws ConfigError with every fault, by variable name */
export function loadProducerConfig(env: Environment): ProducerConfig {
  return loadConfig(schema, env, [kafkaRules, regionIsKnown, openDoorIsStated, endsInTime]);
}

function regionIsKnown(config: Partial<ProducerConfig>): ConfigFault[] {
  if (regionOf(config) !== undefined) return [];
  return [
    { variable: 'AWS_REGION', problem: 'is required: the schema registry lives in a region' },
  ];
}

/** Nobody opens a port to a network without authentication by forgetting a variable. */
function openDoorIsStated(config: Partial<ProducerConfig>): ConfigFault[] {
  if (config.AUTH_MODE !== undefined || isLoopback(config.HOST ?? '')) return [];
  return [{ variable: 'AUTH_MODE', problem: `must be stated when HOST is ${config.HOST}` }];
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
