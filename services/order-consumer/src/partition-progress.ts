interface Lane {
  /** Every record below is stored, or needs nothing from this lane. */
  durable: bigint;
  /** Undefined until the lane has reported one. */
  mark: bigint | undefined;
}

/**
 * How far one partition is: what was taken, and up to which offset each lane (a sink, or the dead letters) is durable. A pure
 * state machine.
 *
 * Invariants: the watermark never exceeds what any lane reported or what was taken, and never decreases.
 *
 * @param start the offset of the first record to take
 * @param begins by name, where each lane begins: above `start` if it is ahead of the commit, because another lane was behind
 */
export function createPartitionProgress<Run extends { next: bigint }>(
  start: bigint,
  begins: ReadonlyMap<string, { from: bigint; mark: bigint | undefined }>,
) {
  const lanes = new Map<string, Lane>();
  for (const [name, { from, mark }] of begins) lanes.set(name, { durable: from, mark });
  let position = start;
  const unsettled: Run[] = [];

  function watermark(): bigint {
    let lowest = position;
    for (const { durable } of lanes.values()) if (durable < lowest) lowest = durable;
    return lowest;
  }

  return {
    /** The offset after the last taken record. */
    position: () => position,
    taken(run: Run): void {
      if (run.next <= position) throw new RangeError('expected a run above the position');
      position = run.next;
      unsettled.push(run);
    },
    /**
     * @param mark undefined: as before
     * @returns whether anything changed that a commit would carry
     */
    durable(name: string, next: bigint, mark: bigint | undefined): boolean {
      const lane = lanes.get(name);
      if (lane === undefined) throw new RangeError(`no lane ${name}`);
      if (
        next < lane.durable ||
        (lane.mark !== undefined && mark !== undefined && mark < lane.mark)
      )
        throw new RangeError(`${name}: expected a watermark and a mark that do not decrease`);
      if (next === lane.durable && (mark ?? lane.mark) === lane.mark) return false;
      lane.durable = next;
      lane.mark = mark ?? lane.mark;
      return true;
    },
    /** The offset to commit: every record below is durable in every lane. */
    watermark,
    /** The marks that are known, for the commit's metadata. */
    marks(): ReadonlyMap<string, bigint> {
      const marks = new Map<string, bigint>();
      for (const [name, { mark }] of lanes) if (mark !== undefined) marks.set(name, mark);
      return marks;
    },
    /** Removes and returns the runs that are below the watermark. */
    settle(): Run[] {
      const low = watermark();
      let count = 0;
      while (count < unsettled.length && (unsettled[count] as Run).next <= low) count += 1;
      return unsettled.splice(0, count);
    },
    isSettled: () => unsettled.length === 0,
  };
}
