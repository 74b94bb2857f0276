import Type, { type Static } from 'typebox';
import { certificateFileProblem } from './certificate-file.ts';
import type { ConfigFault } from './load-config.ts';
import { brokerAddress, choice, httpUrl, region, roleArn } from './value-kinds.ts';

/** Connection to the brokers, the same for every process that uses Kafka. */
export const kafkaVariables = {
  BOOTSTRAP_SERVERS: Type.Array(brokerAddress(), {
    minItems: 1,
    description:
      'Comma list of bootstrap brokers, `host:port`; an IPv6 address is in brackets, `[::1]:9092`. Tried in random order until one answers',
  }),
  SECURITY_PROTOCOL: choice(
    ['PLAINTEXT', 'SSL', 'SASL_SSL', 'SASL_PLAINTEXT'],
    'PLAINTEXT',
    'Protocol of the connections to the brokers',
  ),
  SASL_MECHANISM: Type.Optional(
    Type.Enum(['AWS_MSK_IAM', 'SCRAM-SHA-512', 'SCRAM-SHA-256', 'PLAIN'], {
      description:
        'Required with a SASL protocol. `AWS_MSK_IAM` requires `SASL_SSL`, a region and AWS credentials',
    }),
  ),
  SASL_USERNAME: Type.Optional(
    Type.String({ description: 'Required with every mechanism except `AWS_MSK_IAM`' }),
  ),
  SASL_PASSWORD: Type.Optional(
    Type.String({ description: 'Required with every mechanism except `AWS_MSK_IAM`' }),
  ),
  KAFKA_ASSUME_ROLE_ARN: Type.Optional(
    roleArn({
      description:
        'Role whose credentials sign the tokens of `AWS_MSK_IAM`, for example in the account of the cluster',
    }),
  ),
  SSL_CA_FILE: Type.Optional(
    Type.String({
      description:
        'File of additional trusted CA certificates, PEM. A replaced file counts from the next connection on',
    }),
  ),
};

/** `AWS_REGION` wins; the SDK itself does not read `AWS_DEFAULT_REGION`. */
export const awsVariables = {
  AWS_REGION: Type.Optional(
    region({
      description:
        'Region of the Glue registry and of MSK IAM tokens. Required for them, unless `AWS_DEFAULT_REGION` or the ARN of the registry gives it',
    }),
  ),
  AWS_DEFAULT_REGION: Type.Optional(region({ description: 'Used when `AWS_REGION` is absent' })),
  AWS_ENDPOINT_URL: Type.Optional(
    httpUrl({ description: 'Endpoint of every AWS service, read by the AWS SDK' }),
  ),
  AWS_ENDPOINT_URL_GLUE: Type.Optional(
    httpUrl({
      description: 'Endpoint of Glue, read by the AWS SDK: the URL of the local registry',
    }),
  ),
  AWS_ENDPOINT_URL_STS: Type.Optional(
    httpUrl({ description: 'Endpoint of STS, which assumes roles, read by the AWS SDK' }),
  ),
};

const kafkaSchema = Type.Object(kafkaVariables);
const awsSchema = Type.Object(awsVariables);
export type KafkaSettings = Static<typeof kafkaSchema> & Static<typeof awsSchema>;

export function regionOf(config: Static<typeof awsSchema>): string | undefined {
  return config.AWS_REGION ?? config.AWS_DEFAULT_REGION;
}

/** Checks the Kafka variables that depend on each other, and the certificate file. */
export function kafkaRules(config: Partial<KafkaSettings>): ConfigFault[] {
  const faults: ConfigFault[] = [];
  const problem = config.SSL_CA_FILE && certificateFileProblem(config.SSL_CA_FILE);
  if (problem) faults.push({ variable: 'SSL_CA_FILE', problem });
  const sasl = config.SECURITY_PROTOCOL?.startsWith('SASL_') ?? false;
  const requireVariable = (variable: keyof KafkaSettings, when: string) => {
    if (config[variable] === undefined)
      faults.push({ variable, problem: `is required when ${when}` });
  };
  if (sasl) requireVariable('SASL_MECHANISM', `SECURITY_PROTOCOL is ${config.SECURITY_PROTOCOL}`);
  else if (config.SASL_MECHANISM !== undefined)
    faults.push({
      variable: 'SASL_MECHANISM',
      problem: 'requires SECURITY_PROTOCOL SASL_SSL or SASL_PLAINTEXT',
    });
  if (config.KAFKA_ASSUME_ROLE_ARN !== undefined && config.SASL_MECHANISM !== 'AWS_MSK_IAM')
    faults.push({
      variable: 'KAFKA_ASSUME_ROLE_ARN',
      problem: 'requires SASL_MECHANISM AWS_MSK_IAM: only MSK takes credentials of AWS',
    });
  if (sasl && config.SASL_MECHANISM === 'AWS_MSK_IAM') {
    if (config.SECURITY_PROTOCOL !== 'SASL_SSL')
      faults.push({
        variable: 'SECURITY_PROTOCOL',
        problem: 'must be SASL_SSL with AWS_MSK_IAM: the token must be encrypted',
      });
    if (!regionOf(config))
      faults.push({ variable: 'AWS_REGION', problem: 'is required to sign MSK IAM tokens' });
  } else if (sasl && config.SASL_MECHANISM !== undefined) {
    requireVariable('SASL_USERNAME', `SASL_MECHANISM is ${config.SASL_MECHANISM}`);
    requireVariable('SASL_PASSWORD', `SASL_MECHANISM is ${config.SASL_MECHANISM}`);
  }
  return faults;
}
