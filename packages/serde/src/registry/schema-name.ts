/** The part of a record that a schema describes. */
export type RecordPart = 'value' | 'key';

/**
 * Chooses the name that a schema of a topic is registered under. Only writing uses it: a frame holds the version id.
 */
export type SchemaNaming = (topic: string, part: RecordPart) => string;

/**
 * `<topic>-value` and `<topic>-key`, as in the Python library `aws-glue-schema-registry`. The default.
 */
export const topicValueName: SchemaNaming = (topic, part) => `${topic}-${part}`;

/**
 * The name of the topic for keys and values, as in the Java library and Kafka Connect's converter
 * (`AWSSchemaNamingStrategyDefaultImpl`).
 */
export const topicName: SchemaNaming = (topic) => topic;
