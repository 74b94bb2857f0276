import Type, { type Static } from 'typebox';
import type { ConfigFault } from './load-config.ts';

/** One of a few texts. */
export const choice = <const Values extends string[]>(
  values: [...Values],
  fallback: Values[number],
  description?: string,
) => Type.Enum(values, { default: fallback, ...(description !== undefined && { description }) });

export const port = (fallback: number, description: string) =>
  Type.Integer({ minimum: 0, maximum: 65_535, default: fallback, description });

/** How to reach and trust the brokers: the same for every process that talks to Kafka. */
export const kafkaVariables = {
  BOOTSTRAP_SERVERS: Type.Array(Type.String({ pattern: '^[^:\\s]+:\\d+$' }), {
    minItems: 1,
    description: 'Brokers to begin with, `host:port`',
  }),
  SECURITY_PROTOCOL: choice(
    ['PLAINTEXT', 'SSL', 'SASL_SSL', 'SASL_PLAINTEXT'],
    'PLAINTEXT',
    'How brokers are spoken to',
  ),
  SASL_MECHANISM: Type.Optional(
    Type.Enum(['AWS_MSK_IAM', 'SCRAM-SHA-512', 'SCRAM-SHA-256', 'PLAIN'], {
      description:
        'Required with a SASL protocol. `AWS_MSK_IAM` goes over `SASL_SSL` only, and needs a region and AWS credentials',
    }),
  ),
  SASL_USERNAME: Type.Optional(
    Type.String({ description: 'Required with every mechanism but `AWS_MSK_IAM`' }),
  ),
  SASL_PASSWORD: Type.Optional(
    Type.String({ description: 'Required with every mechanism but `AWS_MSK_IAM`' }),
  ),
  SSL_CA_FILE: Type.Optional(
    Type.String({ description: 'CA certificates to trust beside the usual ones, PEM' }),
  ),
};

/** `AWS_REGION` wins; the SDK itself does not read `AWS_DEFAULT_REGION`. */
export const awsVariables = {
  AWS_REGION: Type.Optional(
    Type.String({
      minLength: 1,
      description:
        'Region of the Glue registry and of MSK tokens; required for them, unless `AWS_DEFAULT_REGION` says it, or for the registry its ARN',
    }),
  ),
  AWS_DEFAULT_REGION: Type.Optional(
    Type.String({ minLength: 1, description: 'Where `AWS_REGION` is absent' }),
  ),
};

export const serviceVariables = (ports: { management: number }) => ({
  HOST: Type.String({ default: '0.0.0.0', description: 'Address to listen on' }),
  MANAGEMENT_PORT: port(ports.management, '`/healthz`, `/readyz`, `/metrics`'),
  DRAIN_DELAY_MS: Type.Integer({
    minimum: 0,
    maximum: 20_000,
    default: 5_000,
    description: 'From SIGTERM, with readiness red, until work stops',
  }),
  LOG_LEVEL: choice(
    ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'],
    'info',
    'Least level of what is logged, on stderr',
  ),
});

const kafkaSchema = Type.Object(kafkaVariables);
const awsSchema = Type.Object(awsVariables);
export type KafkaSettings = Static<typeof kafkaSchema> & Static<typeof awsSchema>;

export function regionOf(config: Static<typeof awsSchema>): string | undefined {
  return config.AWS_REGION ?? config.AWS_DEFAULT_REGION;
}

/** What the Kafka variables demand of each other. */
export function kafkaRules(config: Partial<KafkaSettings>): ConfigFault[] {
  const faults: ConfigFault[] = [];
  const sasl = config.SECURITY_PROTOCOL?.startsWith('SASL_') ?? false;
  const demand = (variable: keyof KafkaSettings, when: string) => {
    if (config[variable] === undefined)
      faults.push({ variable, problem: `is required when ${when}` });
  };
  if (sasl) demand('SASL_MECHANISM', `SECURITY_PROTOCOL is ${config.SECURITY_PROTOCOL}`);
  else if (config.SASL_MECHANISM !== undefined)
    faults.push({
      variable: 'SASL_MECHANISM',
      problem: 'is set, so SECURITY_PROTOCOL must be SASL_SSL or SASL_PLAINTEXT',
    });
  if (sasl && config.SASL_MECHANISM === 'AWS_MSK_IAM') {
    if (config.SECURITY_PROTOCOL !== 'SASL_SSL')
      faults.push({
        variable: 'SECURITY_PROTOCOL',
        problem: 'must be SASL_SSL with AWS_MSK_IAM: the token must not travel in clear',
      });
    if (!regionOf(config))
      faults.push({ variable: 'AWS_REGION', problem: 'is required to sign MSK IAM tokens' });
  } else if (sasl && config.SASL_MECHANISM !== undefined) {
    demand('SASL_USERNAME', `SASL_MECHANISM is ${config.SASL_MECHANISM}`);
    demand('SASL_PASSWORD', `SASL_MECHANISM is ${config.SASL_MECHANISM}`);
  }
  return faults;
}
