import {
  awsVariables,
  type ConfigFault,
  type Environment,
  loadConfig,
  regionOf,
} from '@order-stream/runtime';
import Type, { type Static } from 'typebox';

const variables = Type.Object({
  ...awsVariables,
  DYNAMODB_TABLE: Type.Optional(Type.String({ minLength: 1 })),
  DYNAMODB_KEY: Type.String({ minLength: 1, default: 'order_id' }),
  S3_BUCKET: Type.Optional(Type.String({ minLength: 1 })),
  S3_PREFIX: Type.String({ default: 'topics' }),
  S3_FORCE_PATH_STYLE: Type.Boolean({ default: false }),
});

export type StoreSettings = Static<typeof variables> & {
  /** Options of every client of the AWS SDK. Endpoints and credentials are what the SDK finds in the environment. */
  client: { region: string; requestHandler: object };
};

/**
 * The stores of the consumer's sinks, by the consumer's own variables.
 *
 * @throws ConfigError a variable is invalid, or one of `required` is missing
 */
export function loadStoreSettings(
  env: Environment,
  required: readonly ('DYNAMODB_TABLE' | 'S3_BUCKET')[],
): StoreSettings {
  const present = (config: Partial<Static<typeof variables>>): ConfigFault[] => [
    ...required.flatMap((variable) =>
      config[variable] === undefined ? [{ variable, problem: 'is required' }] : [],
    ),
    ...(regionOf(config) === undefined
      ? [{ variable: 'AWS_REGION', problem: 'is required: the stores are in a region' }]
      : []),
  ];
  const config = loadConfig(variables, env, [present]);
  return {
    ...config,
    client: {
      region: regionOf(config) as string,
      requestHandler: {
        connectionTimeout: 2_000,
        requestTimeout: 10_000,
        throwOnRequestTimeout: true,
      },
    },
  };
}
