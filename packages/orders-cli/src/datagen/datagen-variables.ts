import {
  choice,
  type Environment,
  kafkaRules,
  loadConfig,
  registrySettings,
  registryVariables,
} from '@order-stream/runtime';
import Type from 'typebox';
import { connectionVariables } from '../kafka/connection.ts';

/** Those of the producer, except that a schema is named as its topic, as Kafka Connect names it. */
const variables = Type.Object({
  ...connectionVariables,
  ...registryVariables,
  SCHEMA_NAME_STRATEGY: choice(['topic-value', 'topic'], 'topic'),
  SCHEMA_AUTO_REGISTRATION: Type.Boolean({ default: true }),
  SCHEMA_COMPATIBILITY: choice(
    ['NONE', 'DISABLED', 'BACKWARD', 'BACKWARD_ALL', 'FORWARD', 'FORWARD_ALL', 'FULL', 'FULL_ALL'],
    'BACKWARD',
  ),
  SCHEMA_COMPRESSION: choice(['none', 'zlib'], 'none'),
  COMPRESSION_TYPE: choice(['none', 'gzip', 'snappy', 'lz4', 'zstd'], 'none'),
});

export type DatagenConfig = ReturnType<typeof loadDatagenConfig>;

/** @throws ConfigError */
export function loadDatagenConfig(env: Environment) {
  return loadConfig(variables, env, [kafkaRules], { registry: registrySettings });
}
