import { join } from 'node:path';
import { requireFreePort } from '@order-stream/local-stack/ports';
import { root, stateFolder } from '@order-stream/local-stack/state-folder';

/** The name in messages, the variable and the default of each port. */
const portSettings = {
  producer: ['the producer', 'PRODUCER_PORT', 3000],
  producerManagement: ["the producer's management", 'PRODUCER_MANAGEMENT_PORT', 9464],
  consumerManagement: ["the consumer's management", 'CONSUMER_MANAGEMENT_PORT', 9465],
  kafka: ['Kafka', 'KAFKA_PORT', 9092],
  glueLocal: ['glue-local', 'GLUE_LOCAL_PORT', 4570],
} as const;
export type Ports = Record<keyof typeof portSettings, number>;

/** Prefix of the progress lines of Kafka's process. */
export const progressMark = '· ';

/** A process of the local stack: the entry point of `npm run <script>` and its environment. */
export interface Part {
  name: string;
  script: string;
  main: string;
  args: string[];
  env: NodeJS.ProcessEnv;
  /** Starts this part in another terminal. */
  command: string;
  /** The effect of its absence on the other parts. */
  absence: string;
}

/** Always set here, so that the local stack never reaches a broker or an AWS account of the caller. */
const ownVariables =
  /^(BOOTSTRAP_SERVERS|TOPIC_NAMES|SECURITY_PROTOCOL|SSL_CA_FILE|HOST|PORT|MANAGEMENT_PORT|NODE_OPTIONS)$|^(AWS|SASL)_|_ASSUME_ROLE_ARN$/;

/** The caller's variables that are not passed to the services. */
export function ignoredVariables(env: NodeJS.ProcessEnv): string[] {
  return Object.keys(env)
    .filter((name) => ownVariables.test(name))
    .sort();
}

/** @throws StackFault when a port is taken */
export async function freePorts(env: NodeJS.ProcessEnv): Promise<Ports> {
  const ports: Partial<Ports> = {};
  for (const [part, [name, variable, port]] of Object.entries(portSettings))
    ports[part as keyof Ports] = await requireFreePort(name, variable, port, env);
  return ports as Ports;
}

/** The four processes and the job that creates the topics. They may start in any order. */
export function describeStack(ports: Ports, env: NodeJS.ProcessEnv) {
  const passed = Object.entries(env).filter(([name]) => !ownVariables.test(name));
  const topic = env.TOPIC_NAME || 'orders';
  const wired = {
    BOOTSTRAP_SERVERS: `127.0.0.1:${ports.kafka}`,
    AWS_ENDPOINT_URL_GLUE: `http://127.0.0.1:${ports.glueLocal}`,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    HOST: '127.0.0.1',
    DRAIN_DELAY_MS: env.DRAIN_DELAY_MS || '0',
    // As in the images of the services.
    NODE_OPTIONS: '--max-semi-space-size=16',
  };
  const part = (
    name: string,
    [script, main, ...args]: [string, string, ...string[]],
    set: Record<string, string>,
    absence: string,
  ): Part => {
    const settings = Object.entries(set).map(([variable, value]) => `${variable}=${value}`);
    const command = [...settings, 'npm run', script, ...(args.length ? ['--', ...args] : [])];
    return {
      ...{ name, script, args, absence, main: join(root, main) },
      env: { ...Object.fromEntries(passed), ...set },
      command: command.join(' '),
    };
  };
  const kafka = part(
    'Kafka',
    ['kafka', 'tools/kafka.ts'],
    { KAFKA_PORT: String(ports.kafka) },
    'orders are answered 503, and the consumer waits',
  );
  return {
    topic,
    groupId: env.GROUP_ID || `${topic}-group-01`,
    // Docker, Java and Maven each have variables of their own.
    kafka: { ...kafka, env: { ...env, ...kafka.env } },
    glueLocal: part(
      'glue-local',
      ['glue-local', 'packages/glue-local/src/main.ts'],
      {
        HOST: '127.0.0.1',
        GLUE_LOCAL_PORT: String(ports.glueLocal),
        GLUE_LOCAL_DATABASE: join(stateFolder, 'glue-local.db'),
      },
      'orders continue, because producer and consumer cache the schemas that they know',
    ),
    topics: part(
      'topics',
      ['orders', 'packages/orders-cli/src/main.ts', 'topics', 'create'],
      wired,
      '',
    ),
    producer: part(
      'producer',
      ['producer', 'services/order-producer/src/main.ts'],
      {
        ...wired,
        AUTH_MODE: env.AUTH_MODE || 'none',
        PORT: String(ports.producer),
        MANAGEMENT_PORT: String(ports.producerManagement),
      },
      'no orders are accepted, and the consumer waits',
    ),
    consumer: part(
      'consumer',
      ['consumer', 'services/order-consumer/src/main.ts'],
      { ...wired, TOPIC_NAMES: topic, MANAGEMENT_PORT: String(ports.consumerManagement) },
      'orders are answered 201 and wait on the topic until a consumer reads them',
    ),
  };
}
