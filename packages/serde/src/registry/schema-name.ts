/** Which half of a record a schema describes. */
export type RecordPart = 'value' | 'key';

/** Gives the name under which a topic's schema is registered. Reading never depends on it: the frame holds the version id. */
export type SchemaNaming = (topic: string, part: RecordPart) => string;

/**
 * `<topic>-value` and `<topic>-key`, as the Python library `aws-glue-schema-registry` names them.
 * The default here.
 */
export const topicValueName: SchemaNaming = (topic, part) => `${topic}-${part}`;

/**
 * The topic itself for keys and values alike, as the Java library and Kafka Connect's converter do
 * (`AWSSchemaNamingStrategyDefaultImpl`).
 */
export const topicName: SchemaNaming = (topic) => topic;
