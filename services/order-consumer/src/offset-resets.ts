/** Why a partition is not read on from where it was read to. */
export const resetReasons = ['topic-recreated', 'records-deleted', 'log-ended-before'] as const;
export type ResetReason = (typeof resetReasons)[number];

export interface OffsetReset {
  topic: string;
  partition: number;
  reason: ResetReason;
  /** Offsets that were deleted before they were read. */
  lost: number;
}

/**
 * Tells why the reading of a partition begins elsewhere. Kafka deletes the offsets of a group together with the topic, so that a
 * topic that was created again may be seen by its id alone.
 */
export function createOffsetResets() {
  const topicIds = new Map<string, string | undefined>();
  const recreated = new Map<string, string | undefined>();

  function recreation(topic: string, partition: number): OffsetReset | undefined {
    const place = `${topic}/${partition}`;
    const topicId = topicIds.get(place);
    if (recreated.has(place) && recreated.get(place) === topicId) return undefined;
    recreated.set(place, topicId);
    return { topic, partition, reason: 'topic-recreated', lost: 0 };
  }

  return {
    /**
     * Reading of the partition begins.
     *
     * @returns the reset, if the partition was read before and its topic had another id
     */
    begins(topic: string, partition: number, topicId: string | undefined): OffsetReset | undefined {
      const before = topicIds.get(`${topic}/${partition}`);
      topicIds.set(`${topic}/${partition}`, topicId);
      const isKnown = before !== undefined && topicId !== undefined;
      return isKnown && before !== topicId ? recreation(topic, partition) : undefined;
    },
    /**
     * The offset `from` cannot be read; reading goes on at `to`.
     *
     * @returns undefined if `begins` has reported the same
     */
    resets(
      topic: string,
      partition: number,
      reset: { from: bigint; to: bigint; isSameLog: boolean },
    ): OffsetReset | undefined {
      if (!reset.isSameLog) return recreation(topic, partition);
      const lost = Number(reset.to - reset.from);
      return lost > 0
        ? { topic, partition, reason: 'records-deleted', lost }
        : { topic, partition, reason: 'log-ended-before', lost: 0 };
    },
  };
}
