/**
 * Where a drill kills the consumer between taking a record and committing it. From outside, these steps are the requests that the
 * consumer sends meanwhile, and the lines that it prints.
 *
 * - `before`: killed when it has sent the request, which is lost.
 * - `after`: killed when the request was handled and the answer is on its way.
 * - `late`: killed when it has sent the request, which arrives after the next process has taken over.
 * - `inside`: killed when a part of the request's body has arrived.
 */
export type FaultMoment = 'before' | 'after' | 'late' | 'inside';

export type FaultChannel = 'kafka' | 'registry' | 'dynamodb' | 's3';

/** `stdout`: with this sink alone. `items`, `files`: with all sinks. `uploads`: with files so large that they are uploaded in parts. */
export const killDrills = ['stdout', 'items', 'files', 'uploads'] as const;

export interface FaultPoint {
  channel: FaultChannel;
  /** Kafka's API or the AWS operation. */
  request: string;
  moments: readonly FaultMoment[];
  /** The drills that kill here. */
  drills: readonly (typeof killDrills)[number][];
}

/** Every request that the consumer sends between taking and committing. */
export const faultPoints: readonly FaultPoint[] = [
  // Taking: the request itself changes nothing.
  { channel: 'kafka', request: 'Fetch', moments: ['after'], drills: ['stdout', 'files'] },
  {
    ...{ channel: 'registry', request: 'GetSchemaVersion' },
    ...{ moments: ['before', 'after'], drills: ['stdout'] },
  },
  // Dead letters.
  {
    ...{ channel: 'kafka', request: 'Produce' },
    ...{ moments: ['before', 'after', 'late'], drills: ['stdout', 'items'] },
  },
  // Items.
  {
    ...{ channel: 'dynamodb', request: 'PutItem' },
    ...{ moments: ['before', 'after', 'late'], drills: ['items'] },
  },
  {
    ...{ channel: 'dynamodb', request: 'DeleteItem' },
    ...{ moments: ['before', 'after', 'late'], drills: ['items'] },
  },
  // Files.
  {
    ...{ channel: 's3', request: 'PutObject' },
    ...{ moments: ['before', 'inside', 'after', 'late'], drills: ['files'] },
  },
  {
    ...{ channel: 's3', request: 'CreateMultipartUpload' },
    ...{ moments: ['before', 'after', 'late'], drills: ['uploads'] },
  },
  {
    ...{ channel: 's3', request: 'UploadPart' },
    ...{ moments: ['before', 'inside', 'late', 'after'], drills: ['uploads'] },
  },
  // The upload that the kill above has left.
  {
    ...{ channel: 's3', request: 'AbortMultipartUpload' },
    ...{ moments: ['before', 'after'], drills: ['uploads'] },
  },
  {
    ...{ channel: 's3', request: 'CompleteMultipartUpload' },
    ...{ moments: ['before', 'after', 'late'], drills: ['uploads'] },
  },
  // Committing.
  {
    ...{ channel: 'kafka', request: 'OffsetCommit' },
    ...{ moments: ['before', 'after', 'late'], drills: ['stdout', 'files', 'uploads'] },
  },
];

/** What else the consumer sends: to join, to stay, to know where things are. None of it stores or commits anything. */
export const requestsAround: Readonly<Record<FaultChannel, readonly string[]>> = {
  kafka: [
    ...['ApiVersions', 'Metadata', 'FindCoordinator', 'InitProducerId'],
    ...['JoinGroup', 'SyncGroup', 'Heartbeat', 'LeaveGroup', 'OffsetFetch', 'ListOffsets'],
    ...['DescribeGroups', 'DescribeConfigs', 'DescribeCluster', 'DescribeProducers'],
  ],
  registry: ['GetRegistry', 'ListRegistries'],
  dynamodb: [],
  // Where the files of a partition end. Asked before the first record is taken, and when a file is there already.
  s3: ['HeadObject', 'ListObjectsV2', 'ListMultipartUploads'],
};

/** The requests that neither list has. Each of them needs a fault point, or its reason to be in `requestsAround`. */
export function unknownRequests(channel: FaultChannel, seen: Iterable<string>): string[] {
  const known = new Set([
    ...requestsAround[channel],
    ...faultPoints.filter((point) => point.channel === channel).map(({ request }) => request),
  ]);
  return [...seen].filter((request) => !known.has(request));
}
