import type { PartitionStart } from '../sink.ts';

/** The offsets that a file stands for, with or without a line for each. */
export interface FileRange {
  readonly first: bigint;
  readonly last: bigint;
}

/** The metadata of an object, names in lower case. */
export type ObjectMetadata = Readonly<Record<string, string>>;

/** What is known of a file when its upload begins. */
export interface FileOrigin extends Pick<PartitionStart, 'topic' | 'partition' | 'topicId'> {
  readonly first: bigint;
  /** Unique, because several writers may upload a file with this first offset. */
  readonly fileId: string;
  readonly serviceVersion: string;
}

/** What is known of a file when it is closed. */
export interface FileContent {
  readonly last: bigint;
  readonly records: number;
  /** Undefined for plain JSON, and for several versions in a file. */
  readonly schemaVersionId: string | undefined;
}

/** @param content undefined when an upload begins: `PartitionKeys.rangeEnd` names the object with the rest */
export function metadataOf(origin: FileOrigin, content: FileContent | undefined): ObjectMetadata {
  const { topic, partition, topicId, first, fileId, serviceVersion } = origin;
  return {
    topic,
    partition: String(partition),
    ...(topicId !== undefined && { 'topic-id': topicId }),
    'first-offset': String(first),
    ...(content && { 'last-offset': String(content.last), records: String(content.records) }),
    ...(content?.schemaVersionId !== undefined && { 'schema-version-id': content.schemaVersionId }),
    'service-version': serviceVersion,
    'file-id': fileId,
  };
}

/** Whether the object holds records of this partition, of this topic and not of a deleted one with the same name. */
export function isOfPartition(
  metadata: ObjectMetadata,
  { topic, partition, topicId }: Pick<PartitionStart, 'topic' | 'partition' | 'topicId'>,
): boolean {
  const storedId = metadata['topic-id'];
  return (
    metadata.topic === topic &&
    metadata.partition === String(partition) &&
    (storedId === undefined || topicId === undefined || storedId === topicId)
  );
}

/** The last offset of the range; undefined if the metadata does not have it. */
export function lastOffsetOf(metadata: ObjectMetadata): bigint | undefined {
  const digits = metadata['last-offset'];
  return digits !== undefined && /^\d{1,19}$/.test(digits) ? BigInt(digits) : undefined;
}
