/** Below the broker's default `message.max.bytes` of 1 MiB, frame and headers included. */
const maxBatchBytes = 900_000;
const growAfterMs = 60_000;

/**
 * The batch size that a topic accepts. Its `max.message.bytes` is not asked for, because that requires a permission
 * which writing does not. A refusal halves the limit; each minute without one doubles it, because the topic's limit can
 * be raised.
 */
export function createBatchLimit() {
  let limit = maxBatchBytes;
  let changedAtMs = 0;
  return {
    /** How many bytes the next batch may have. */
    bytes(nowMs: number): number {
      if (nowMs - changedAtMs >= growAfterMs) {
        limit = Math.min(limit * 2, maxBatchBytes);
        changedAtMs = nowMs;
      }
      return limit;
    },
    /** A batch of this size was refused: the limit becomes half of it. */
    refused(batchBytes: number, nowMs: number): void {
      limit = Math.min(limit, Math.floor(batchBytes / 2));
      changedAtMs = nowMs;
    },
  };
}
