/** Records of a partition that the share is measured over. No limit in a row may be longer. */
export const brakeWindowRecords = 1_000;
/** Below this, a share says little. */
const fewestRecords = 100;
/** A sink may refuse a record when this many later ones were counted: more than a sink has waiting. */
const rememberedRecords = 4_000;

export type DeadLetterBrake = ReturnType<typeof createDeadLetterBrake>;

/**
 * Decides whether one more record of a partition may become a dead letter. When nearly every record is refused, the records are
 * not the cause: a producer has a wrong schema, or a table another key. The brake then holds the partition, before its whole
 * backlog is on the dead-letter topic. A pure state machine.
 *
 * @param percent limit of the refused share of the partition's last 1000 records, applied from 100 records on; 0: off
 * @param consecutive limit of refused records in a row, at most 1000; 0: off
 */
export function createDeadLetterBrake({
  percent,
  consecutive,
}: {
  percent: number;
  consecutive: number;
}) {
  // A ring. Offsets as Kafka writes them: converting each one would cost more than counting it.
  let offsets: string[] = [];
  let refused: boolean[] = [];
  let next = 0;
  let highest = '';

  function add(offset: string, isRefused: boolean): void {
    offsets[next] = offset;
    refused[next] = isRefused;
    next = (next + 1) % rememberedRecords;
    if (isAfter(offset, highest)) highest = offset;
  }

  function forget(): void {
    offsets = [];
    refused = [];
    next = 0;
    highest = '';
  }

  /** How many of the newest `count` records were refused. */
  function refusedOf(count: number): number {
    let sum = 0;
    for (let i = 1; i <= count; i += 1)
      if (refused[(next - i + rememberedRecords) % rememberedRecords] === true) sum += 1;
    return sum;
  }

  /** How many records were refused in a row directly before a place in the ring, as far as the limit. */
  function refusedBefore(place: number): number {
    let count = 0;
    while (
      count < consecutive &&
      refused[(place - 1 - count + rememberedRecords) % rememberedRecords] === true
    )
      count += 1;
    return count;
  }

  return {
    /**
     * A record was accepted by every check so far. Records are decoded again when their partition is opened again: one that is
     * remembered keeps its place. Before the oldest that is remembered, counting begins anew: the log is another one, or is read
     * again from far behind. The caller replaces the brake if it knows that the log is another one.
     */
    passed(offset: string): void {
      if (!isAfter(offset, highest)) {
        const oldest = offsets[next] ?? (offsets[0] as string);
        if (!isAfter(oldest, offset)) return;
        forget();
      }
      add(offset, false);
    },
    /**
     * Asks whether a record may become a dead letter, and counts it if so. A sink may refuse a record that has passed before. One that
     * may become a dead letter may also do so again.
     *
     * @returns the limit that holds it back; undefined if it may
     */
    refuse(offset: string): string | undefined {
      const known = offsets.lastIndexOf(offset);
      if (refused[known] === true) return undefined;
      const place = known === -1 ? next : known;
      if (consecutive > 0 && refusedBefore(place) >= consecutive)
        return `${consecutive} records in a row were refused (DLQ_LIMIT_CONSECUTIVE)`;
      const before = Math.min(offsets.length, brakeWindowRecords - (known === -1 ? 1 : 0));
      const seen = known === -1 ? before + 1 : before;
      const share = ((refusedOf(before) + 1) * 100) / seen;
      if (percent > 0 && seen >= fewestRecords && share > percent)
        return `more than ${percent} % of the last ${seen} records were refused (DLQ_LIMIT_PERCENT)`;
      if (known === -1) add(offset, true);
      else refused[known] = true;
      return undefined;
    },
    /** Forgets what was counted. */
    lift: forget,
  };
}

/** Compares offsets as numbers. Every offset is after `''`. */
function isAfter(offset: string, other: string): boolean {
  return offset.length === other.length ? offset > other : offset.length > other.length;
}
