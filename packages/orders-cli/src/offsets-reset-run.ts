import { exitCodes, parseArguments, UsageError } from '@order-stream/command-line';
import { kafkaRules, loadConfig, protocolErrorType } from '@order-stream/runtime';
import { printExactJson } from '@order-stream/serde';
import Type from 'typebox';
import type { Terminal } from './command.ts';
import { groupPartitions } from './group/group-partitions.ts';
import { GroupNotEmptyError, groupLine, groupState, requireEmpty } from './group/group-state.ts';
import { groupAndTopics, groupFlags, groupVariables } from './group/group-variables.ts';
import { commitMoves, type OffsetMove, resetPlan } from './group/reset-plan.ts';
import { type Connection, withConnection } from './kafka/connection.ts';
import { partitionNumbers } from './kafka/partition-flag.ts';
import { startPointOf } from './kafka/start-point.ts';
import { formatTable } from './output/table.ts';
import { wallClockMs } from './wall-clock.ts';

const variables = Type.Object(groupVariables);

/** Runs `orders offsets reset`. */
export async function resetOffsets(argv: string[], terminal: Terminal): Promise<number> {
  const { flags } = parseArguments(argv, {
    ...groupFlags,
    partition: { type: 'string', multiple: true, default: [] },
    to: { type: 'string' },
    yes: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  });
  if (flags.to === undefined) throw new UsageError('--to is required');
  const to = startPointOf('--to', flags.to, wallClockMs());
  const chosen = partitionNumbers(flags.partition);
  const config = loadConfig(variables, terminal.env, [kafkaRules]);
  const { groupId, topics } = groupAndTopics(config, flags);
  if (chosen.length > 0 && topics.length > 1) throw new UsageError('--partition needs one --topic');
  await withConnection(config, terminal, async (connection) => {
    const { admin } = connection;
    const group = await groupState(admin, groupId);
    requireEmpty(group);
    const partitions = await groupPartitions(admin, groupId, topics);
    const moves = await resetPlan(admin, partitions, to, chosen);
    if (flags.yes) await write(connection, groupId, moves);
    if (flags.json) {
      for (const move of moves)
        terminal.stdout.write(
          `${printExactJson({ group: groupId, dry_run: !flags.yes, ...move, from: move.from ?? null })}\n`,
        );
      return;
    }
    terminal.stdout.write(`${groupLine(group)}\n\n${moveTable(moves)}\n`);
    terminal.stdout.write(
      flags.yes
        ? `Committed: ${moves.length} of ${partitions.length} partitions\n`
        : 'Nothing was written: add --yes to commit\n',
    );
  });
  return exitCodes.ok;
}

/** The broker itself refuses while the group has members, also those that joined a moment ago. */
async function write(
  { admin }: Connection,
  groupId: string,
  moves: readonly OffsetMove[],
): Promise<void> {
  try {
    await commitMoves(admin, groupId, moves);
  } catch (error) {
    if (protocolErrorType(error) !== 'UNKNOWN_MEMBER_ID') throw error;
    throw new GroupNotEmptyError(await groupState(admin, groupId));
  }
}

function moveTable(moves: readonly OffsetMove[]): string {
  return formatTable(
    [
      { title: 'TOPIC' },
      { title: 'PARTITION', align: 'right' },
      { title: 'FROM', align: 'right' },
      { title: 'TO', align: 'right' },
      { title: 'RECORDS', align: 'right' },
    ],
    moves.map(({ topic, partition, from, to }) => [
      topic,
      String(partition),
      String(from ?? '-'),
      String(to),
      from === undefined ? '' : signed(to - from),
    ]),
  );
}

/** Negative: so many offsets are read again. Positive: so many are skipped. */
const signed = (count: bigint): string => (count > 0n ? `+${count}` : String(count));
