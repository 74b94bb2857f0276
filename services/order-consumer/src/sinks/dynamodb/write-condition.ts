import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { SourcePosition } from './source-position.ts';

/**
 * Whether a version replaces another of the same item. Within a partition the higher offset wins. Otherwise the later record wins;
 * at the same time the higher partition, then the topic that sorts last.
 */
export function replaces(ours: SourcePosition, theirs: SourcePosition): boolean {
  if (ours.topic === theirs.topic && ours.partition === theirs.partition)
    return ours.offset > theirs.offset;
  if (ours.timestamp !== theirs.timestamp) return ours.timestamp > theirs.timestamp;
  if (ours.partition !== theirs.partition) return ours.partition > theirs.partition;
  return ours.topic > theirs.topic;
}

/** The attributes that hold the position. A field of the same name cannot be stored. */
export const positionAttributes = ['_topic', '_partition', '_offset', '_timestamp'] as const;

export function positionValues(position: SourcePosition): Record<string, AttributeValue> {
  return {
    _topic: { S: position.topic },
    _partition: { N: String(position.partition) },
    _offset: { N: String(position.offset) },
    _timestamp: { N: String(position.timestamp) },
  };
}

// Without parentheses: AND binds closer than OR.
const condition = [
  'attribute_not_exists(#topic)',
  '#topic = :topic AND #partition = :partition AND #offset < :offset',
  '#topic <> :topic AND #timestamp < :timestamp',
  '#partition <> :partition AND #timestamp < :timestamp',
  '#timestamp = :timestamp AND #partition < :partition',
  '#timestamp = :timestamp AND #partition = :partition AND #topic < :topic',
].join(' OR ');

const names = {
  '#topic': '_topic',
  '#partition': '_partition',
  '#offset': '_offset',
  '#timestamp': '_timestamp',
};

/** The condition under which DynamoDB applies a write: the rule of `replaces`, or an item that no sink has written. */
export function writeCondition(position: SourcePosition) {
  return {
    ConditionExpression: condition,
    ExpressionAttributeNames: names,
    ExpressionAttributeValues: {
      ':topic': { S: position.topic },
      ':partition': { N: String(position.partition) },
      ':offset': { N: String(position.offset) },
      ':timestamp': { N: String(position.timestamp) },
    },
  };
}
