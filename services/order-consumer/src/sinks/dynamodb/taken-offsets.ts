import type { Refusal } from '../../refusal.ts';

/** A record that is taken. Settled: it is stored, or its dead letter is written. */
export interface TakenOffset {
  readonly offset: bigint;
  readonly bytes: number;
  isSettled: boolean;
  /** Of a record that cannot be stored, until `dueRefusals` has returned it. */
  refusal: Refusal | undefined;
  isRefused: boolean;
  next: TakenOffset | undefined;
}

/**
 * The records that a partition has taken, until all before them are settled too. A pure state machine.
 *
 * Invariant: the watermark never exceeds the offset of a record that is not settled.
 *
 * @param from the first offset to take
 */
export function createTakenOffsets(from: bigint) {
  let first: TakenOffset | undefined;
  let last: TakenOffset | undefined;
  let end = from;
  let length = 0;
  let bytes = 0;
  return {
    /** Offsets ascend. */
    take(offset: bigint, recordBytes: number): TakenOffset {
      const taken = {
        offset,
        bytes: recordBytes,
        isSettled: false,
        refusal: undefined,
        isRefused: false,
        next: undefined,
      };
      if (last === undefined) first = taken;
      else last.next = taken;
      last = taken;
      length += 1;
      bytes += recordBytes;
      return taken;
    },
    /** Offsets below `next` are taken, or need nothing. */
    advance(next: bigint): void {
      end = next;
    },
    settle(taken: TakenOffset): void {
      if (taken.isSettled) return;
      taken.isSettled = true;
      bytes -= taken.bytes;
      while (first?.isSettled) {
        first = first.next;
        length -= 1;
      }
      if (first === undefined) last = undefined;
    },
    /** The record cannot be stored. */
    refuse(taken: TakenOffset, refusal: Refusal): void {
      taken.refusal = refusal;
      taken.isRefused = true;
    },
    /**
     * The refusals whose dead letters may be written now, in the order of their offsets: each record before them is stored or refused.
     * Versions of one item can be refused in another order.
     */
    dueRefusals(): { taken: TakenOffset; refusal: Refusal }[] {
      const due: { taken: TakenOffset; refusal: Refusal }[] = [];
      for (let at = first; at?.isSettled || at?.isRefused; at = at.next) {
        if (at.refusal === undefined) continue;
        due.push({ taken: at, refusal: at.refusal });
        at.refusal = undefined;
      }
      return due;
    },
    watermark: (): bigint => first?.offset ?? end,
    /** Records from the watermark on, the settled ones among them included. */
    length: (): number => length,
    /** The bytes of the records that are not settled. */
    bytes: (): number => bytes,
  };
}
