/** Below the broker's default `message.max.bytes` of 1 MiB, frame and headers included. */
const maxBatchBytes = 900_000;
const growAfterMs = 60_000;

export interface BatchLimit {
  /** How many bytes the next batch may have. */
  bytes(nowMs: number): number;
  /** A batch of this size was refused: the limit becomes half of it. */
  refused(batchBytes: number, nowMs: number): void;
}

/**
 * The batch size that a topic accepts. Its `max.message.bytes` is not asked for, because that requires a permission
 * which writing does not. A refusal halves the limit; each minute without one doubles it, because the topic's limit can
 * be raised.
 */
export function createBatchLimit(): BatchLimit {
  let limit = maxBatchBytes;
  let changedAtMs = 0;
  return {
    bytes(nowMs) {
      if (nowMs - changedAtMs >= growAfterMs) {
        limit = Math.min(limit * 2, maxBatchBytes);
        changedAtMs = nowMs;
      }
      return limit;
    },
    refused(batchBytes, nowMs) {
      limit = Math.min(limit, Math.floor(batchBytes / 2));
      changedAtMs = nowMs;
    },
  };
}
