import type { EventOf, HistoryEvent } from '../history-event.ts';
import type { Anomaly } from './anomaly.ts';
import { isStored, storedFates } from './fates.ts';
import {
  deliveryProblem,
  partitionOf,
  placeOf,
  type TopicRecord,
  type TopicRecords,
} from './topic-records.ts';

/**
 * Rule of stdout: every deliverable record is printed at least once, and never before a deliverable record of its partition
 * with a lower offset.
 *
 * A line may repeat an earlier one if `repeats` is set. Even then, a process prints nothing below an offset that was committed
 * before the process started.
 *
 * "Before" counts only where it is certain: lines of one process, and a process that ended before another one started. So a
 * process may continue behind records that another process printed while both lived.
 */
export function checkStdout(
  records: TopicRecords,
  events: Iterable<HistoryEvent>,
  options: { repeats: boolean },
): Anomaly[] {
  const store = 'stdout';
  const anomalies: Anomaly[] = [];
  const { processes, lines, floors } = collectLines(events);
  const timesPrinted = new Map<string, number>();
  /** By partition, then by process: the offsets. */
  const printed = new Map<string, Map<string, number[]>>();
  for (const line of lines) {
    const { process, topic, partition, offset, key, version } = line;
    const where = { store, topic, partition, offset, key, version } as const;
    const record = records.find(line, line);
    const problem = deliveryProblem(record, line, storedFates.stdout);
    if (problem !== undefined) {
      const detail = `${process} printed it: ${problem}`;
      anomalies.push({ name: 'phantom', ...where, detail });
    }
    if (!isPrinted(record)) continue;
    const times = (timesPrinted.get(placeOf(line)) ?? 0) + 1;
    timesPrinted.set(placeOf(line), times);
    const floor = floors.get(process)?.get(partitionOf(line)) ?? 0;
    if (offset < floor) {
      const detail = `${process} printed it, although ${floor} was committed before it started`;
      anomalies.push({ name: 'duplicate', ...where, detail });
    } else if (times > 1 && !options.repeats)
      anomalies.push({ name: 'duplicate', ...where, detail: `printed ${times} times` });
    const byProcess = printed.get(partitionOf(line)) ?? new Map<string, number[]>();
    printed.set(partitionOf(line), byProcess);
    const offsets = byProcess.get(process) ?? [];
    byProcess.set(process, offsets);
    offsets.push(offset);
  }

  for (const [partition, all] of records.byPartition) {
    const deliverable = all.filter(isPrinted);
    const byProcess = printed.get(partition) ?? new Map<string, number[]>();
    const highest = [...byProcess.values()].flat().reduce((a, b) => Math.max(a, b), -1);
    for (const record of deliverable) {
      if (timesPrinted.has(placeOf(record))) continue;
      const { topic, partition, offset, key, version } = record;
      const isPassed = offset < highest || records.isCommitted(record);
      const detail = isPassed
        ? 'never printed, and later records were printed or committed'
        : 'not printed when the run ended';
      const name = isPassed ? 'lost' : 'unseen';
      anomalies.push({ name, store, topic, partition, offset, key, version, detail });
    }
    for (const [process, offsets] of byProcess) {
      const others = [...byProcess].filter(
        ([other]) => other !== process && !endedBefore(processes, process, other),
      );
      const seen = new Set(others.flatMap(([, elsewhere]) => elsewhere));
      let next = 0;
      for (const offset of offsets) {
        seen.add(offset);
        for (; next < deliverable.length; next += 1) {
          const expected = deliverable[next] as (typeof deliverable)[number];
          if (seen.has(expected.offset)) continue;
          if (expected.offset > offset) break;
          // A record that nobody printed is lost, which is reported above.
          if (!timesPrinted.has(placeOf(expected))) continue;
          const { topic, partition, key, version } = expected;
          const detail = `printed only after offset ${offset}, by ${process}`;
          const where = { topic, partition, offset: expected.offset, key, version };
          anomalies.push({ name: 'reordered', store, ...where, detail });
        }
      }
    }
  }
  return anomalies;
}

const isPrinted = (record: TopicRecord | undefined) => isStored('stdout', record?.fate);

type Lives = ReadonlyMap<string, { started: number; ended: number }>;

function endedBefore(processes: Lives, process: string, other: string): boolean {
  return (processes.get(process)?.ended ?? Infinity) < (processes.get(other)?.started ?? 0);
}

function collectLines(events: Iterable<HistoryEvent>) {
  const processes = new Map<string, { started: number; ended: number }>();
  const lines: EventOf<'printed'>[] = [];
  /** By process, then by partition: the offset that was committed before the process started. */
  const floors = new Map<string, Map<string, number>>();
  const committed = new Map<string, number>();
  let index = 0;
  for (const event of events) {
    index += 1;
    if (event.event === 'started') {
      processes.set(event.process, { started: index, ended: Infinity });
      floors.set(event.process, new Map(committed));
    } else if (event.event === 'ended') {
      const life = processes.get(event.process);
      if (life !== undefined) life.ended = index;
    } else if (event.event === 'printed') lines.push(event);
    else if (event.event === 'committed')
      committed.set(
        partitionOf(event),
        Math.max(event.offset, committed.get(partitionOf(event)) ?? 0),
      );
  }
  return { processes, lines, floors };
}
