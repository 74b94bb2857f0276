import { UsageError } from '@order-stream/command-line';
import { isTopicName, topicName } from '@order-stream/runtime';
import Type from 'typebox';
import { connectionVariables, topicsOf } from '../kafka/connection.ts';

/** The variables of commands that look at a group: those of the consumer. */
export const groupVariables = {
  ...connectionVariables,
  TOPIC_NAME: Type.Optional(topicName()),
  TOPIC_NAMES: Type.Optional(Type.Array(topicName(), { minItems: 1, uniqueItems: true })),
  GROUP_ID: Type.Optional(Type.String({ minLength: 1, maxLength: 255 })),
};

export const groupFlags = {
  group: { type: 'string' },
  topic: { type: 'string', multiple: true, default: [] as string[] },
} as const;

/** For the help of commands. */
export const groupFlagsHelp = `  --group NAME      the group (default GROUP_ID, <first topic>-group-01)
  --topic NAME      a topic; can be repeated (default TOPIC_NAMES, TOPIC_NAME, orders)`;

/** @throws UsageError */
export function groupAndTopics(
  config: { TOPIC_NAME?: string; TOPIC_NAMES?: string[]; GROUP_ID?: string },
  flags: { group?: string; topic: string[] },
): { groupId: string; topics: readonly string[] } {
  for (const name of flags.topic)
    if (!isTopicName(name))
      throw new UsageError(`--topic must be a valid topic name, not '${name}'`);
  const configured = topicsOf(config);
  const groupId = flags.group ?? config.GROUP_ID ?? `${configured[0]}-group-01`;
  return { groupId, topics: flags.topic.length > 0 ? [...new Set(flags.topic)] : configured };
}
