/**
 * Whether a commit is of the log that the topic has now. Commits of this service name the topic's id, in the form of the
 * kafkajs patch; other tools' commits do not, and count.
 *
 * @param topicId undefined when the broker has no ids
 */
export function isCommitOfTopic(metadata: string | null, topicId: string | undefined): boolean {
  const [, committedFor] = /\btopic-id=(\S+)/.exec(metadata ?? '') ?? [];
  return committedFor === undefined || topicId === undefined || committedFor === topicId;
}

/** The metadata of a commit that no sink has marked. */
export function commitMetadata(topicId: string | undefined): string | undefined {
  return topicId === undefined ? undefined : `topic-id=${topicId}`;
}
