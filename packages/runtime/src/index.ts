export { certificateFileProblem } from './certificate-file.ts';
export { commitMetadata, isCommitOfTopic } from './commit-metadata.ts';
export { errorCode } from './error-code.ts';
export { limitHeapGrowth } from './heap-growth.ts';
export {
  createKafkaClient,
  groupProtocol,
  type KafkaAdmin,
  type KafkaClient,
  type KafkaClientOptions,
} from './kafka-client.ts';
export {
  AuthenticationError,
  authenticationFault,
  BrokerUnavailableError,
  KafkaError,
  OverloadedError,
  protocolErrorType,
  refusals,
  SendOutcomeUnknownError,
  SendRefusedError,
} from './kafka-errors.ts';
export type { CompressionType } from './kafka-writer/idempotent-producer.ts';
export {
  createKafkaWriter,
  type KafkaWriter,
  type KafkaWriterOptions,
} from './kafka-writer/kafka-writer.ts';
export { type OutgoingRecord, recordBytes } from './kafka-writer/outgoing-record.ts';
export {
  ConfigError,
  type ConfigFault,
  type ConfigRule,
  type Environment,
  loadConfig,
} from './load-config.ts';
export { createLogger, type Logger } from './logger.ts';
export { createMetrics } from './metrics.ts';
export { offsetAttribute } from './offset-attribute.ts';
export {
  nextOffset,
  type PartitionBounds,
  type PartitionOffsets,
  unreadRecords,
} from './partition-offsets.ts';
export { partitionFor } from './partitioner.ts';
export {
  type RegistrySettings,
  registriesDiffer,
  registrySettings,
  registryVariables,
  secondaryRegistrySettings,
  secondaryRegistryVariables,
} from './registry-variables.ts';
export { runService, type ServiceParts } from './run-service.ts';
export { type ServiceConfig, serviceVariables } from './service-variables.ts';
export {
  createTopicReader,
  ReadPositionError,
  type TopicReader,
  type TopicReaderOptions,
  type TopicRecord,
} from './topic-reader.ts';
export { type TraceContext, traceContextOf } from './trace-context.ts';
export type { TracedWork, Tracing } from './tracing.ts';
export { readCertificates } from './trusted-certificates.ts';
export {
  choice,
  httpUrl,
  isTopicName,
  maxTopicNameLength,
  port,
  timeZone,
  topicName,
} from './value-kinds.ts';
export {
  awsVariables,
  type KafkaSettings,
  kafkaRules,
  kafkaVariables,
  regionOf,
} from './variables.ts';
