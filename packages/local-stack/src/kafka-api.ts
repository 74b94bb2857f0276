/** The names of Kafka's requests by API key (protocol guide, "Api Keys"): those that clients of this repository send. */
const names: Readonly<Record<number, string>> = {
  0: 'Produce',
  1: 'Fetch',
  2: 'ListOffsets',
  3: 'Metadata',
  8: 'OffsetCommit',
  9: 'OffsetFetch',
  10: 'FindCoordinator',
  11: 'JoinGroup',
  12: 'Heartbeat',
  13: 'LeaveGroup',
  14: 'SyncGroup',
  15: 'DescribeGroups',
  16: 'ListGroups',
  17: 'SaslHandshake',
  18: 'ApiVersions',
  19: 'CreateTopics',
  20: 'DeleteTopics',
  21: 'DeleteRecords',
  22: 'InitProducerId',
  32: 'DescribeConfigs',
  36: 'SaslAuthenticate',
  37: 'CreatePartitions',
  60: 'DescribeCluster',
  61: 'DescribeProducers',
};

/** The name of a request, read from its frame: 4 bytes of size, then the API key. */
export function kafkaApiOf(frame: Buffer): string {
  const key = frame.readInt16BE(4);
  return names[key] ?? `api ${key}`;
}
