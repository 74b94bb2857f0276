export { errorCode } from './error-code.ts';
export {
  createKafkaClient,
  groupProtocol,
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
export { partitionFor } from './partitioner.ts';
export {
  type RegistrySettings,
  registrySettings,
  registryVariables,
} from './registry-variables.ts';
export { runService, type ServiceParts } from './run-service.ts';
export { type ServiceConfig, serviceVariables } from './service-variables.ts';
export { type TraceContext, traceContextOf } from './trace-context.ts';
export type { TracedWork, Tracing } from './tracing.ts';
export { choice, isTopicName, maxTopicNameLength, port, topicName } from './value-kinds.ts';
export {
  awsVariables,
  type KafkaSettings,
  kafkaRules,
  kafkaVariables,
  regionOf,
} from './variables.ts';
