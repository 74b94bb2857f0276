import { join } from 'node:path';
import { requireFreePort } from '@order-stream/local-stack/ports';
import { root, stateFolder } from '@order-stream/local-stack/state-folder';

export interface Ports {
  producer: number;
  producerManagement: number;
  consumerManagement: number;
  kafka: number;
  glueLocal: number;
}

/** Begins the lines of Kafka's process that tell how far it is. */
export const progressMark = '· ';

/** A process of the local stack: the same entry point as `npm run <script>`, and the environment that wires it. */
export interface Part {
  name: string;
  script: string;
  main: string;
  args: string[];
  env: NodeJS.ProcessEnv;
}

/** Refuses with one line when a port is taken. */
export async function freePorts(env: NodeJS.ProcessEnv): Promise<Ports> {
  return {
    producer: await requireFreePort('the producer', 'PRODUCER_PORT', 3000, env),
    producerManagement: await requireFreePort(
      "the producer's management",
      'PRODUCER_MANAGEMENT_PORT',
      9464,
      env,
    ),
    consumerManagement: await requireFreePort(
      "the consumer's management",
      'CONSUMER_MANAGEMENT_PORT',
      9465,
      env,
    ),
    kafka: await requireFreePort('Kafka', 'KAFKA_PORT', 9092, env),
    glueLocal: await requireFreePort('glue-local', 'GLUE_LOCAL_PORT', 4570, env),
  };
}

/** The four processes and the job that makes the topics, all of which may start at once. */
export function describeStack(ports: Ports, env: NodeJS.ProcessEnv) {
  // Not the developer's whole environment: their own AWS account and brokers must never be reached from here.
  const passed = Object.entries(env).filter(
    ([name]) =>
      /^(PATH|HOME|TMPDIR|TZ|LANG|LOG_LEVEL|NODE_EXTRA_CA_CERTS)$/.test(name) ||
      /^SCHEMA_/.test(name),
  );
  const wired: NodeJS.ProcessEnv = {
    ...Object.fromEntries(passed),
    BOOTSTRAP_SERVERS: `127.0.0.1:${ports.kafka}`,
    AWS_ENDPOINT_URL_GLUE: `http://127.0.0.1:${ports.glueLocal}`,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    HOST: '127.0.0.1',
    DRAIN_DELAY_MS: '0',
  };
  const part = (
    name: string,
    script: string,
    main: string,
    partEnv: NodeJS.ProcessEnv,
    args: string[] = [],
  ): Part => ({ name, script, main: join(root, main), args, env: partEnv });
  return {
    kafka: part('Kafka', 'kafka', 'tools/kafka.ts', { ...env, KAFKA_PORT: String(ports.kafka) }),
    glueLocal: part('glue-local', 'glue-local', 'packages/glue-local/src/main.ts', {
      ...wired,
      GLUE_LOCAL_PORT: String(ports.glueLocal),
      GLUE_LOCAL_DATABASE: join(stateFolder, 'glue-local.db'),
    }),
    topics: part('topics', 'orders', 'packages/orders-cli/src/main.ts', wired, [
      'topics',
      'create',
    ]),
    producer: part('producer', 'producer', 'services/order-producer/src/main.ts', {
      ...wired,
      // As in its image, and so the consumer's below.
      NODE_OPTIONS: '--max-semi-space-size=16',
      AUTH_MODE: 'none',
      PORT: String(ports.producer),
      MANAGEMENT_PORT: String(ports.producerManagement),
    }),
    consumer: part('consumer', 'consumer', 'services/order-consumer/src/main.ts', {
      ...wired,
      NODE_OPTIONS: '--max-semi-space-size=16',
      MANAGEMENT_PORT: String(ports.consumerManagement),
    }),
  };
}
