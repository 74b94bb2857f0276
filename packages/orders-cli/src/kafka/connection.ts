import {
  awsVariables,
  choice,
  createKafkaClient,
  createLogger,
  type KafkaAdmin,
  type KafkaClient,
  type KafkaSettings,
  kafkaVariables,
  type Logger,
} from '@order-stream/runtime';
import type { Terminal } from '../command.ts';
import { commandErrorOf } from './kafka-command-error.ts';

/** The variables of every command that asks the brokers: those of the services. */
export const connectionVariables = {
  ...kafkaVariables,
  ...awsVariables,
  LOG_LEVEL: choice(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'], 'error'),
};

/** For the help of commands. */
export const connectionHelp = `The cluster comes from the environment: BOOTSTRAP_SERVERS (required), SECURITY_PROTOCOL,
SASL_MECHANISM, SASL_USERNAME, SASL_PASSWORD, SSL_CA_FILE, AWS_REGION, KAFKA_ASSUME_ROLE_ARN.
LOG_LEVEL=warn shows what the client tries again.`;

export interface Connection {
  client: KafkaClient;
  /** Connected. It tries a request again for some seconds. */
  admin: KafkaAdmin;
  logger: Logger;
}

/** The first signal came before the brokers answered. */
export class StoppedError extends Error {
  readonly code = 'stopped';
  readonly retryable = true;
}

/**
 * Connects, runs `use`, and closes the connections.
 *
 * @throws KafkaCommandError | StoppedError | what `use` throws of its own
 */
export async function withConnection<Result>(
  config: KafkaSettings & { LOG_LEVEL: string },
  { stop }: Pick<Terminal, 'stop'>,
  use: (connection: Connection) => Promise<Result>,
): Promise<Result> {
  const logger = createLogger({ name: 'orders', level: config.LOG_LEVEL });
  const client = createKafkaClient(config, { logger, clientId: 'orders-cli' });
  const admin = client.admin();
  const stopped = Promise.withResolvers<never>();
  stopped.promise.catch(() => undefined);
  const abandon = () => stopped.reject(new StoppedError('stopped before a broker answered'));
  if (stop.aborted) abandon();
  stop.addEventListener('abort', abandon, { once: true });
  try {
    await Promise.race([admin.connect(), stopped.promise]);
    stop.removeEventListener('abort', abandon);
    return await use({ client, admin, logger });
  } catch (error) {
    throw commandErrorOf(error, config.BOOTSTRAP_SERVERS);
  } finally {
    stop.removeEventListener('abort', abandon);
    // Not awaited: a broker that is gone answers no request to close.
    void admin.disconnect().catch(() => undefined);
    void client.close().catch(() => undefined);
  }
}

/** `TOPIC_NAMES` of the consumer, else `TOPIC_NAME` of the producer, else `orders`. */
export function topicsOf({ TOPIC_NAMES, TOPIC_NAME }: TopicSettings): readonly string[] {
  return TOPIC_NAMES ?? [TOPIC_NAME ?? 'orders'];
}

interface TopicSettings {
  TOPIC_NAMES?: string[];
  TOPIC_NAME?: string;
}
