import { exitCodes, parseArguments, wholeNumber } from '@order-stream/command-line';
import { kafkaRules, loadConfig } from '@order-stream/runtime';
import { printExactJson } from '@order-stream/serde';
import Type from 'typebox';
import type { Terminal } from './command.ts';
import { groupPartitions } from './group/group-partitions.ts';
import { type GroupState, groupLine, groupState, ownerOf } from './group/group-state.ts';
import { groupAndTopics, groupFlags, groupVariables } from './group/group-variables.ts';
import { lagOf, oldestUnread, type PartitionLag } from './group/partition-lag.ts';
import { type Connection, withConnection } from './kafka/connection.ts';
import { formatTable } from './output/table.ts';
import { isoTime } from './records/record-line.ts';
import { systemClock } from './system-clock.ts';
import { wallClockMs } from './wall-clock.ts';

const variables = Type.Object(groupVariables);
const clearScreen = '\u001b[H\u001b[2J';

interface GroupLag {
  group: GroupState;
  partitions: PartitionLag[];
  atMs: number;
}

/** Runs `orders lag`. */
export async function showLag(argv: string[], terminal: Terminal): Promise<number> {
  const { flags } = parseArguments(argv, {
    ...groupFlags,
    watch: { type: 'boolean', default: false },
    interval: { type: 'string', default: '2' },
    json: { type: 'boolean', default: false },
  });
  const intervalMs = wholeNumber('--interval', flags.interval, { min: 1, max: 86_400 }) * 1000;
  const config = loadConfig(variables, terminal.env, [kafkaRules]);
  const { groupId, topics } = groupAndTopics(config, flags);
  const print = (lag: GroupLag) => {
    if (flags.json) for (const line of jsonLines(lag)) terminal.stdout.write(line);
    else if (!flags.watch) terminal.stdout.write(lagText(lag));
    else if (terminal.stdout.isTTY)
      terminal.stdout.write(`${clearScreen}${isoTime(lag.atMs)}\n${lagText(lag)}`);
    else terminal.stdout.write(`${isoTime(lag.atMs)}\n${lagText(lag)}\n`);
  };
  await withConnection(config, terminal, async (connection) => {
    do {
      const startedMs = systemClock.nowMs();
      const lag = await measure(connection, groupId, topics, terminal.stop);
      if (terminal.stop.aborted) return;
      print(lag);
      if (flags.watch) await systemClock.sleepUntil(startedMs + intervalMs, terminal.stop);
    } while (flags.watch && !terminal.stop.aborted);
  });
  return exitCodes.ok;
}

async function measure(
  connection: Connection,
  groupId: string,
  topics: readonly string[],
  stop: AbortSignal,
): Promise<GroupLag> {
  const { admin } = connection;
  const group = await groupState(admin, groupId);
  const partitions = await groupPartitions(admin, groupId, topics);
  const measured: PartitionLag[] = [];
  for (const topic of topics) {
    const ofTopic = partitions.filter((one) => one.topic === topic);
    const oldest = await oldestUnread(connection, topic, ofTopic, stop);
    for (const one of ofTopic) measured.push(lagOf(one, oldest.get(one.partition), wallClockMs()));
  }
  return { group, partitions: measured, atMs: wallClockMs() };
}

function lagText({ group, partitions }: GroupLag): string {
  const total = partitions.reduce((sum, { records }) => sum + records, 0n);
  const oldest = Math.max(0, ...partitions.map(({ seconds }) => seconds ?? 0));
  const table = formatTable(
    [
      { title: 'TOPIC' },
      { title: 'PARTITION', align: 'right' },
      { title: 'COMMITTED', align: 'right' },
      { title: 'END', align: 'right' },
      { title: 'LAG', align: 'right' },
      { title: 'SECONDS', align: 'right' },
      { title: 'OPEN TXN', align: 'right' },
      { title: 'MEMBER' },
    ],
    partitions.map((one) => {
      const owner = ownerOf(group, one.topic, one.partition);
      return [
        one.topic,
        String(one.partition),
        String(one.commit?.offset ?? '-'),
        String(one.stable),
        String(one.records),
        secondsText(one),
        String(one.openTransactionRecords),
        owner === undefined ? '-' : `${owner.clientId} at ${owner.host}`,
      ];
    }),
  );
  return `${groupLine(group)}, lag ${total} records, oldest ${oldest.toFixed(1)} s\n\n${table}`;
}

function secondsText({ records, seconds }: PartitionLag): string {
  if (records === 0n) return '0.0';
  return seconds === undefined ? '-' : seconds.toFixed(1);
}

function jsonLines({ group, partitions, atMs }: GroupLag): string[] {
  return partitions.map((one) => {
    const { topic, partition, commit, stable, records, seconds, openTransactionRecords } = one;
    const owner = ownerOf(group, topic, partition);
    return `${printExactJson({
      at: isoTime(atMs),
      group: group.groupId,
      state: group.state,
      topic,
      partition,
      committed: commit?.offset ?? null,
      end: stable,
      lag_records: records,
      lag_seconds: records === 0n ? 0 : (seconds ?? null),
      open_transaction_records: openTransactionRecords,
      member:
        owner === undefined
          ? null
          : { client_id: owner.clientId, host: owner.host, member_id: owner.memberId },
    })}\n`;
  });
}
