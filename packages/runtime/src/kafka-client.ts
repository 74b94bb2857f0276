import type { ConnectionOptions } from 'node:tls';
import type {
  Admin,
  Consumer,
  ConsumerConfig,
  KafkaConfig,
  LogEntry,
  Mechanism,
  PartitionMetadata,
  Producer,
  ProducerConfig,
  SASLOptions,
} from 'kafkajs';
import kafkajs from 'kafkajs';
import { createBootstrapServers } from './bootstrap-servers.ts';
import { codecs } from './kafka-codecs.ts';
import { authenticationFault, protocolErrorType } from './kafka-errors.ts';
import { createKafkaSockets, type KafkaSockets } from './kafka-sockets.ts';
import type { Logger } from './logger.ts';
import { mskIamAuthentication } from './msk-iam-authentication.ts';
import { decodeBatches } from './record-batch/decode-batch.ts';
import { encodeBatch } from './record-batch/encode-batch.ts';
import { trustCertificatesOf } from './trusted-certificates.ts';
import { type KafkaSettings, regionOf } from './variables.ts';

const { AssignerProtocol, CompressionCodecs, CompressionTypes, Kafka, logLevel, RecordBatchCodec } =
  kafkajs;

/** Encodes and decodes the subscriptions and assignments of a group's members. */
export const groupProtocol = AssignerProtocol;

CompressionCodecs[CompressionTypes.Snappy] = () => codecs.snappy;
CompressionCodecs[CompressionTypes.LZ4] = () => codecs.lz4;
CompressionCodecs[CompressionTypes.ZSTD] = () => codecs.zstd;
RecordBatchCodec.encode = (batch) => encodeBatch(batch, CompressionCodecs);
RecordBatchCodec.decode = (batches) => decodeBatches(batches, CompressionCodecs);
silenceNegativeTimeouts();

export type KafkaClient = ReturnType<typeof createKafkaClient>;
export type KafkaAdmin = Admin;

export interface KafkaClientOptions {
  logger: Logger;
  clientId: string;
  /** A connection with an unanswered request is closed after this time. Default 5000. */
  requestTimeoutMs?: number;
  /** Default 3000. */
  connectionTimeoutMs?: number;
}

/**
 * Creates kafkajs clients that know how to reach the brokers.
 *
 * Closes connections whose requests time out; kafkajs keeps them (kafkajs PR #1783).
 */
export function createKafkaClient(settings: KafkaSettings, options: KafkaClientOptions) {
  const sockets = createKafkaSockets();
  const base = kafkaConfig(settings, options, sockets);
  // kafkajs's own retries hide an outage for half a minute, longer than the deadlines of the callers.
  const patient = new Kafka({ ...base, retry: { initialRetryTime: 100, retries: 5 } });
  const impatient = new Kafka({ ...base, retry: { retries: 0 } });
  let metadata: Promise<Admin> | undefined;

  const watch = <Client extends Admin | Consumer | Producer>(client: Client): Client => {
    const watched = client as unknown as Admin;
    watched.on(watched.events.REQUEST_TIMEOUT, ({ payload }) => {
      options.logger.warn({ broker: payload.broker, api: payload.apiName }, 'request timed out');
      // It is the first request of a connection. At this address of the broker's name nothing answers; another may.
      if (payload.apiName !== 'ApiVersions') sockets.drop(payload.broker, 'request timed out');
    });
    return client;
  };

  function metadataAdmin(): Promise<Admin> {
    metadata ??= connectedAdmin(watch(impatient.admin())).catch((error) => {
      metadata = undefined;
      throw authenticationFault(error) ?? error;
    });
    return metadata;
  }

  return {
    consumer: (config: ConsumerConfig) => watch(patient.consumer(config)),
    /** A producer that sends each request once: the caller retries. */
    producer: (config: ProducerConfig) => watch(impatient.producer(config)),
    /** Number of produce requests written to any socket so far. A request that was not sent was not written. */
    producesSent: sockets.producesSent,
    admin: () => watch(patient.admin()),
    /** Closes all connections of this client. Requests in flight fail, and the next ones open new connections. */
    dropConnections: sockets.dropAll,
    /** Partitions and leaders of each topic; missing topics are left out. Keeps one connection open. */
    async partitionMetadata(topics: readonly string[]) {
      const admin = await metadataAdmin();
      const known = new Map<string, PartitionMetadata[]>();
      for (const topic of topics) {
        try {
          const { topics: found } = await admin.fetchTopicMetadata({ topics: [topic] });
          for (const { name, partitions } of found) known.set(name, partitions);
        } catch (error) {
          if (protocolErrorType(error) !== 'UNKNOWN_TOPIC_OR_PARTITION')
            throw authenticationFault(error) ?? error;
        }
      }
      return known;
    },
    /** The admin client that all callers share: connected, and without retries. */
    metadataAdmin,
    async close(): Promise<void> {
      const admin = await metadata?.catch(() => undefined);
      await admin?.disconnect();
    },
  };
}

async function connectedAdmin(admin: Admin): Promise<Admin> {
  await admin.connect();
  return admin;
}

function kafkaConfig(
  settings: KafkaSettings,
  options: KafkaClientOptions,
  sockets: KafkaSockets,
): KafkaConfig {
  const sasl = saslOf(settings);
  const ssl = settings.SECURITY_PROTOCOL.endsWith('SSL')
    ? tlsOf(settings, options.logger)
    : undefined;
  return {
    brokers: createBootstrapServers(settings.BOOTSTRAP_SERVERS, sockets),
    clientId: options.clientId,
    connectionTimeout: options.connectionTimeoutMs ?? 3_000,
    requestTimeout: options.requestTimeoutMs ?? 5_000,
    socketFactory: sockets.factory,
    ...(ssl ? { ssl } : {}),
    ...(sasl ? { sasl } : {}),
    logLevel: logLevel.INFO,
    logCreator: () => logInto(options.logger.child({ library: 'kafkajs' })),
  };
}

function tlsOf({ SSL_CA_FILE: file }: KafkaSettings, logger: Logger): ConnectionOptions {
  if (file === undefined) return {};
  return trustCertificatesOf(file, (error) =>
    logger.warn({ file, reason: error.message }, 'SSL_CA_FILE was replaced and is not valid'),
  );
}

function saslOf(settings: KafkaSettings): Mechanism | SASLOptions | undefined {
  const username = settings.SASL_USERNAME ?? '';
  const password = settings.SASL_PASSWORD ?? '';
  switch (settings.SASL_MECHANISM) {
    case 'AWS_MSK_IAM':
      return mskIamAuthentication(regionOf(settings) as string, settings.KAFKA_ASSUME_ROLE_ARN);
    case 'SCRAM-SHA-512':
      return { mechanism: 'scram-sha-512', username, password };
    case 'SCRAM-SHA-256':
      return { mechanism: 'scram-sha-256', username, password };
    case 'PLAIN':
      return { mechanism: 'plain', username, password };
    default:
      return undefined;
  }
}

/** kafkajs logs each failed attempt as an error. Here it is a warning, because the caller may retry. */
function logInto(logger: Logger) {
  return ({ level, log }: LogEntry) => {
    const { message, timestamp: _timestamp, logger: _logger, stack: _stack, ...fields } = log;
    if (level === logLevel.ERROR || level === logLevel.WARN) logger.warn(fields, message);
    else logger.debug(fields, message);
  };
}

/** kafkajs sets timers with negative delays (kafkajs #1751), and Node warns about each of them. */
function silenceNegativeTimeouts(): void {
  const emitWarning = process.emitWarning as (...args: unknown[]) => void;
  process.emitWarning = ((warning: unknown, type?: unknown, ...rest: unknown[]) => {
    const name = typeof type === 'string' ? type : (type as { type?: string } | undefined)?.type;
    if (name !== 'TimeoutNegativeWarning') emitWarning.call(process, warning, type, ...rest);
  }) as typeof process.emitWarning;
}
