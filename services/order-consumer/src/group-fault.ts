import { protocolErrorType } from '@order-stream/runtime';

/** What to do about each reason for which a coordinator refuses a member until something is changed. */
const remedies: Readonly<Record<string, string>> = {
  GROUP_AUTHORIZATION_FAILED:
    'Allow this principal READ on the group (MSK IAM: kafka-cluster:AlterGroup and kafka-cluster:DescribeGroup), or set another GROUP_ID',
  INCONSISTENT_GROUP_PROTOCOL:
    'Its members are another program, and their partition assignors differ from those of this service. Stop them, or set another GROUP_ID',
  INVALID_SESSION_TIMEOUT:
    "Set SESSION_TIMEOUT_MS between the broker's group.min.session.timeout.ms and group.max.session.timeout.ms",
  GROUP_MAX_SIZE_REACHED:
    "The group has as many members as the broker's group.max.size allows. Run fewer, or raise it",
  INVALID_GROUP_ID: 'Set another GROUP_ID',
};

/** Names a refusal of the group coordinator, by Kafka's name of the error, and says what to do. Undefined for other errors. */
export function groupFault(error: unknown, groupId: string): Error | undefined {
  const reason = protocolErrorType(error) ?? '';
  const remedy = remedies[reason];
  if (remedy === undefined) return undefined;
  return new Error(`the broker refuses the group ${groupId}: ${reason}. ${remedy}`, {
    cause: error,
  });
}

/** Says what to do when a broker lets this principal describe topics, but not read one of them. Undefined for other errors. */
export function readFault(error: unknown, topics: readonly string[]): Error | undefined {
  const reason = protocolErrorType(error);
  if (reason !== 'TOPIC_AUTHORIZATION_FAILED') return undefined;
  return new Error(
    `the broker refuses to let this principal read all of ${topics.join(', ')}: ${reason}. Allow READ on each topic (MSK IAM: kafka-cluster:ReadData)`,
    { cause: error },
  );
}
