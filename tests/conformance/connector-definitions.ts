import { join } from 'node:path';
import type { ForeignProcess } from './foreign-process.ts';
import { type JavaLibrary, startJavaProgram } from './java-library.ts';

/** A connector, as `POST /connectors` gets it. */
export interface Connector {
  name: string;
  config: Record<string, string>;
}

/** What a worker would say: names that nobody knows, and `name: message` for each value that is refused. */
export interface Findings {
  unknown: string[];
  errors: string[];
}

const workerWith = (version: string, jackson: readonly string[]): JavaLibrary => ({
  name: `Kafka Connect ${version} with the connectors`,
  folder: join(import.meta.dirname, 'connector-definitions'),
  downloads: 'connector-definitions',
  properties: { 'kafka.version': version },
  // The Glue converter's jar has older copies of their classes.
  firstJars: [
    ...['kafka-clients', 'connect-api', 'connect-json', 'connect-runtime'].map(
      (name) => `${name}-${version}.jar`,
    ),
    ...jackson,
  ],
});

/** Kafka Connect as docker/connect runs it. */
export const localWorker = workerWith('4.3.1', [
  ...['jackson-annotations-2.21.jar', 'jackson-core-2.21.2.jar', 'jackson-databind-2.21.2.jar'],
]);

/** Kafka Connect 3.7, the newest that MSK Connect runs. */
export const mskWorker = workerWith('3.7.2', [
  ...['jackson-annotations-2.16.2.jar', 'jackson-core-2.21.2.jar', 'jackson-databind-2.16.2.jar'],
]);

export const workers = [localWorker, mskWorker];

/** Starts a program that asks the definitions of connectors, converters and transformations. It connects to nothing. */
export function startConnectorDefinitions(worker: JavaLibrary): Promise<ForeignProcess> {
  return startJavaProgram('ConnectorDefinitions.java', [], worker);
}

/** @throws ForeignError if a class is missing or cannot be loaded */
export function askDefinitions(
  definitions: ForeignProcess,
  { config }: Connector,
): Promise<Findings> {
  const values = Object.fromEntries(
    Object.entries(config).map(([name, value]) => [name, withValues(String(value))]),
  );
  const isForeign = Object.hasOwn(namesOfForeign, String(config['connector.class']));
  const foreign = isForeign ? namesOfForeign[String(config['connector.class'])] : undefined;
  return definitions.call({
    config: values,
    ...(foreign && { kind: foreign.kind, names: foreign.names(Object.keys(config)) }),
  });
}

/** With a value of the right kind for each reference, as a worker resolves it before it asks the connector. */
function withValues(value: string): string {
  return value.replace(/\$\{\w+:([^}]+)\}/g, (_reference, name: string) => {
    if (/PORT$/.test(name)) return '5432';
    if (/REGION$/.test(name)) return 'ap-southeast-2';
    if (/URL$|ENDPOINT$/.test(name)) return 'http://registry.example/apis/registry/v2';
    return 'value';
  });
}

/** Connectors whose jars Maven Central does not have, or that define no properties: how their names are known. */
const namesOfForeign: Record<
  string,
  { kind: 'source' | 'sink'; names(found: readonly string[]): readonly string[] }
> = {
  // S3SinkConnectorConfig of confluentinc/kafka-connect-storage-cloud (87eb7d39), and StorageSinkConnectorConfig,
  // StorageCommonConfig and PartitionerConfig of confluentinc/kafka-connect-storage-common (9bb1f372).
  'io.confluent.connect.s3.S3SinkConnector': {
    kind: 'sink',
    names: () => [
      ...['s3.bucket.name', 's3.region', 's3.part.size', 's3.part.retries', 's3.ssea.name'],
      ...['s3.sse.kms.key.id', 's3.acl.canned', 's3.compression.type', 's3.compression.level'],
      ...['s3.credentials.provider.class', 's3.retry.backoff.ms', 's3.object.tagging'],
      ...['s3.path.style.access.enabled', 's3.elastic.buffer.enable', 's3.send.digest'],
      ...['behavior.on.null.values', 'json.decimal.format', 'store.kafka.keys', 'store.url'],
      ...['store.kafka.headers', 'keys.format.class', 'headers.format.class', 'storage.class'],
      ...['topics.dir', 'directory.delim', 'file.delim', 'format.class', 'flush.size'],
      ...['rotate.interval.ms', 'rotate.schedule.interval.ms', 'schema.compatibility'],
      ...['filename.offset.zero.pad.width', 'retry.backoff.ms', 'shutdown.timeout.ms'],
      ...['avro.codec', 'connect.meta.data', 'enhanced.avro.schema.support', 'partitioner.class'],
      ...['partition.field.name', 'partition.duration.ms', 'path.format', 'locale', 'timezone'],
      ...['timestamp.extractor', 'timestamp.field'],
    ],
  },
  // SchemaSourceTask of Kafka's test plugins, whose definition is empty.
  'org.apache.kafka.connect.tools.SchemaSourceConnector': {
    kind: 'source',
    names: () => ['topic', 'num.messages', 'throughput', 'multiple.schema', 'partition.count'],
  },
  // README of awslabs/amazon-msk-data-generator (939e72d): directive, topic, attribute and generator.
  'com.amazonaws.mskdatagen.GeneratorSourceConnector': {
    kind: 'source',
    names: (found) => [
      ...['global.throttle.ms', 'global.history.records.max'],
      ...found.filter((name) =>
        /^(genkp|genvp)\.\w+\.(with|matching)$|^(genk|genv)\.\w+\.\w+\.(with|matching)$/.test(name),
      ),
    ],
  },
};
