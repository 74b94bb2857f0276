import { exitCodes, parseArguments } from '@order-stream/command-line';
import { kafkaRules, loadConfig } from '@order-stream/runtime';
import { printExactJson } from '@order-stream/serde';
import Type from 'typebox';
import type { Terminal } from './command.ts';
import { commitFault, type GroupPartition, groupPartitions } from './group/group-partitions.ts';
import { groupLine, groupState } from './group/group-state.ts';
import { groupAndTopics, groupFlags, groupVariables } from './group/group-variables.ts';
import { withConnection } from './kafka/connection.ts';
import { formatTable } from './output/table.ts';

const variables = Type.Object(groupVariables);

/** Runs `orders offsets show`. */
export async function showOffsets(argv: string[], terminal: Terminal): Promise<number> {
  const { flags } = parseArguments(argv, {
    ...groupFlags,
    json: { type: 'boolean', default: false },
  });
  const config = loadConfig(variables, terminal.env, [kafkaRules]);
  const { groupId, topics } = groupAndTopics(config, flags);
  const [group, partitions] = await withConnection(config, terminal, async ({ admin }) => [
    await groupState(admin, groupId),
    await groupPartitions(admin, groupId, topics),
  ]);
  if (flags.json) {
    for (const one of partitions) {
      const { topic, partition, start, stable, commit } = one;
      terminal.stdout.write(
        `${printExactJson({
          group: groupId,
          state: group.state,
          topic,
          partition,
          committed: commit?.offset ?? null,
          start,
          end: stable,
          metadata: commit?.metadata ?? null,
          fault: commitFault(one) ?? null,
        })}\n`,
      );
    }
  } else terminal.stdout.write(`${groupLine(group)}\n\n${offsetTable(partitions)}`);
  return exitCodes.ok;
}

function offsetTable(partitions: readonly GroupPartition[]): string {
  return formatTable(
    [
      { title: 'TOPIC' },
      { title: 'PARTITION', align: 'right' },
      { title: 'COMMITTED', align: 'right' },
      { title: 'START', align: 'right' },
      { title: 'END', align: 'right' },
      { title: 'NOTE' },
      { title: 'METADATA' },
    ],
    partitions.map((one) => [
      one.topic,
      String(one.partition),
      String(one.commit?.offset ?? '-'),
      String(one.start),
      String(one.stable),
      commitFault(one) ?? '',
      one.commit?.metadata ?? '',
    ]),
  );
}
