import { type KafkaWriter, SendRefusedError, type TopicRecord } from '@order-stream/runtime';
import type { Clock } from '../load-run.ts';
import { type DeadLetter, deadLetterOf, placeOf } from './dead-letter.ts';
import type { ReplayTarget } from './replay-target.ts';
import { replayedRecord } from './replayed-record.ts';

const mostInWindow = 200;
/** A rate of 1000 a second is ten windows of a hundred. */
const windowsPerSecond = 10;
const deliveryTimeoutMs = 30_000;

export interface ReplayOptions {
  /** In the order of writing. */
  records: AsyncIterable<TopicRecord>;
  /** Partition of the dead-letter topic → the offset that the run began at. */
  from: ReadonlyMap<number, bigint>;
  accepts(letter: DeadLetter): boolean;
  targetOf(letter: DeadLetter): Promise<ReplayTarget>;
  writer: Pick<KafkaWriter, 'append' | 'refresh'>;
  /** Records per second; Infinity: no limit. */
  rate: number;
  /** Dead letters at most. */
  limit: number;
  clock: Clock;
  wallClockMs(): number;
  stop: AbortSignal;
  onProgress(counts: ReplayCounts): void;
}

export interface ReplayCounts {
  /** Records of the dead-letter topic that were read. */
  read: number;
  replayed: number;
}

export interface ReplayResult extends ReplayCounts {
  /** Partition of the dead-letter topic → the offset to go on at. Dead letters before it were replayed, or not chosen. */
  next: ReadonlyMap<number, bigint>;
  /** Why the run ended early, apart from the signal. */
  failure: Error | undefined;
}

/** A record was not written, or it is not known whether it was. */
export class ReplayError extends Error {
  readonly code = 'replay';
  readonly retryable = true;

  constructor(letter: DeadLetter, cause: Error) {
    const advice =
      cause instanceof SendRefusedError && cause.isTooLarge
        ? ': raise max.message.bytes of its topic'
        : '';
    super(`dead letter ${placeOf(letter.record)}: ${cause.message}${advice}`, { cause });
    this.name = 'ReplayError';
  }
}

interface Pending {
  letter: DeadLetter;
  target: ReplayTarget;
}

/**
 * Writes dead letters back to their topics, in windows: the next window begins when each record of this one is acknowledged.
 *
 * Invariant: no window has two records of one key. So when one of them fails, no later record of its key is written before
 * it, neither now nor by the run that goes on.
 */
export async function replay(options: ReplayOptions): Promise<ReplayResult> {
  const { records, writer, rate, limit, clock, stop, targetOf } = options;
  const next = new Map(options.from);
  const counts: ReplayCounts = { read: 0, replayed: 0 };
  const windowSize = Math.max(1, Math.min(mostInWindow, Math.floor(rate / windowsPerSecond)));
  const startedMs = clock.nowMs();
  const known = new Set<string>();
  let window: Pending[] = [];
  let keys = new Set<string>();
  /** Read, but not behind `next` yet: offsets that a completed window moves `next` behind. */
  let passed = new Map<number, bigint>();

  function write({ letter, target }: Pending, deadline: number): Promise<bigint> {
    const record = replayedRecord(letter, options.wallClockMs());
    return new Promise((written, failed) =>
      writer.append(target.topic, target.partition, record, deadline, written, failed),
    );
  }

  /** @throws ReplayError; `next` is then at the first record that was not acknowledged */
  async function flush(): Promise<void> {
    await clock.sleepUntil(startedMs + (counts.replayed * 1000) / rate, stop);
    if (stop.aborted) return;
    const deadline = performance.now() + deliveryTimeoutMs;
    const outcomes = await Promise.allSettled(window.map((one) => write(one, deadline)));
    let failure: ReplayError | undefined;
    for (const [index, outcome] of outcomes.entries()) {
      if (outcome.status === 'fulfilled') {
        counts.replayed += 1;
        continue;
      }
      const { letter } = window[index] as Pending;
      const { partition, offset } = letter.record;
      failure ??= new ReplayError(letter, outcome.reason);
      const at = passed.get(partition);
      if (at === undefined || at > offset) passed.set(partition, offset);
    }
    for (const [partition, offset] of passed) next.set(partition, offset);
    window = [];
    keys = new Set();
    passed = new Map();
    options.onProgress(counts);
    if (failure !== undefined) throw failure;
  }

  async function add(letter: DeadLetter): Promise<void> {
    const target = await targetOf(letter);
    if (!known.has(target.topic)) {
      await writer.refresh([target.topic]);
      known.add(target.topic);
    }
    const { key } = letter.record;
    const name = key === null ? `null ${target.partition}` : `key ${key.toString('hex')}`;
    const keyOfTopic = `${target.topic} ${name}`;
    if (keys.has(keyOfTopic) || window.length >= windowSize) await flush();
    window.push({ letter, target });
    keys.add(keyOfTopic);
  }

  try {
    for await (const record of records) {
      const letter = deadLetterOf(record);
      if (letter !== undefined && options.accepts(letter)) {
        if (counts.replayed + window.length >= limit) break;
        await add(letter);
      }
      if (stop.aborted) break;
      counts.read += 1;
      passed.set(record.partition, record.offset + 1n);
    }
    if (!stop.aborted) await flush();
    return { ...counts, next, failure: undefined };
  } catch (error) {
    return { ...counts, next, failure: error as Error };
  }
}
