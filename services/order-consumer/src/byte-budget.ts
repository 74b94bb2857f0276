export type ByteBudget = ReturnType<typeof createByteBudget>;

/**
 * Limits the bytes of taken records that all sinks together keep in memory, over all partitions. A sink holds what it keeps and
 * releases what it has stored or dropped. At the limit, intake waits, and the sinks are asked to store records that they keep.
 */
export function createByteBudget(options: {
  limitBytes: number;
  /** Called when the limit is reached, and again while it remains reached although something was released. */
  onFull(): void;
}) {
  const { limitBytes, onFull } = options;
  const held = new Map<string, number>();
  let total = 0;
  let room = Promise.withResolvers<void>();

  function add(sink: string, bytes: number): void {
    held.set(sink, (held.get(sink) ?? 0) + bytes);
    total += bytes;
  }

  return {
    hold(sink: string, bytes: number): void {
      const wasFull = total >= limitBytes;
      add(sink, bytes);
      if (!wasFull && total >= limitBytes) onFull();
    },
    release(sink: string, bytes: number): void {
      const wasFull = total >= limitBytes;
      add(sink, -bytes);
      if (!wasFull || bytes === 0) return;
      if (total >= limitBytes) {
        onFull();
        return;
      }
      room.resolve();
      room = Promise.withResolvers<void>();
    },
    isFull: () => total >= limitBytes,
    /** Resolves the next time that less than the limit is held. */
    room: () => room.promise,
    heldBytes: (sink: string) => held.get(sink) ?? 0,
  };
}
