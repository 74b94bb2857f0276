import fc from 'fast-check';
import { isStored, letterCauses } from './check/fates.ts';
import type { Fate, HistoryEvent, RecordContent, WithBytes } from './history-event.ts';

const topic = 'orders';

/** Histories of a correct service, with kills, rebalances, zombies, refusals and doubts. Shrinks to few records and faults. */
export const goodHistories = fc
  .record({
    seed: fc.integer({ min: 0, max: 0x7fffffff }),
    sends: fc.integer({ min: 8, max: 60 }),
    partitions: fc.integer({ min: 1, max: 3 }),
    faults: fc.integer({ min: 0, max: 5 }),
  })
  .map(generate);

interface Settings {
  seed: number;
  sends: number;
  partitions: number;
  faults: number;
}

interface Written extends RecordContent, WithBytes {
  partition: number;
  offset: number;
  fate: Fate;
  timestampMs: number;
}

function generate({ seed, sends, partitions, faults }: Settings): HistoryEvent[] {
  const { below, chance, pick } = createRandom(seed);
  const events: HistoryEvent[] = [];
  const logs = Array.from({ length: partitions }, (): Written[] => []);
  const versions = new Map<string, number>();
  for (let id = 0; id < sends; id += 1) {
    const isPoison = chance(25);
    const key = isPoison ? `poison-${id}` : `key-${below(6)}`;
    const version = (versions.get(key) ?? 0) + 1;
    if (version > 100) continue;
    versions.set(key, version);
    const isTombstone = !isPoison && chance(10);
    const fate = isPoison
      ? pick<Fate>(['dead-letter', 'ignored', 'rejected-by-dynamodb', 'rejected-by-s3'])
      : isTombstone
        ? 'deleted'
        : 'delivered';
    const content = isTombstone ? 'null' : String(below(1_000_000));
    const isRejected = letterCauses[fate]?.sink !== undefined;
    const bytes = isRejected && { bytes: { key: `bytes of ${key}`, content: `bytes ${content}` } };
    events.push({ event: 'sent', id, topic, fate, key, version, content, ...bytes });
    const outcome = below(20);
    if (outcome === 0) {
      events.push({ event: 'refused', id });
      continue;
    }
    const isInDoubt = outcome === 1;
    // A key that is in doubt is not sent again.
    if (isInDoubt) versions.set(key, 100);
    if (isInDoubt && chance(50)) continue;
    const log = logs[key.charCodeAt(key.length - 1) % partitions] as Written[];
    const partition = logs.indexOf(log);
    const offset = log.length;
    log.push({ partition, offset, fate, timestampMs: id, key, version, content, ...bytes });
    if (!isInDoubt) events.push({ event: 'acknowledged', id, partition, offset });
  }
  for (const record of logs.flat()) events.push(writtenEvent(record));
  const repeats = faults > 0;
  events.unshift({
    event: 'run',
    drill: `seed ${seed}`,
    stores: ['topic', 'stdout', 'dynamodb', 's3', 'dead-letters'],
    repeats: repeats ? ['stdout', 'dead-letters'] : [],
  });
  consume({ seed, sends, partitions, faults }, logs, events);
  return events;
}

function writtenEvent({ fate, ...record }: Written): HistoryEvent {
  return { event: 'written', topic, ...record };
}

/** Plays a correct consumer: each sink runs ahead of the commit, and a fault sets each of them back as its rule allows. */
function consume(settings: Settings, logs: readonly Written[][], events: HistoryEvent[]): void {
  const { below, chance, pick } = createRandom(settings.seed + 1);
  const items = new Map<string, Written>();
  const letters = logs.map(() => 0);
  /** Records that a sink has rejected, and whose letters are not written yet. */
  const rejected = logs.map((): Written[] => []);
  const files = logs.map(() => 0);
  const committed = logs.map(() => 0);
  const taken = logs.map(() => 0);
  let faultsLeft = settings.faults;
  let processes = 1;
  let look = 0;
  const owners = logs.map(() => 'member-1');
  events.push({ event: 'started', process: 'member-1' });

  const takeToSinks = (record: Written, process: string) => {
    const { fate, partition, offset, key, version, content } = record;
    if (isStored('stdout', fate))
      events.push({ event: 'printed', process, topic, partition, offset, key, version, content });
    if (fate === 'deleted') items.delete(key);
    else if (isStored('dynamodb', fate)) {
      const stored = items.get(key);
      if (stored === undefined || stored.version < version) items.set(key, record);
    }
  };
  const writeLetter = (record: Written) => {
    const { fate, partition, offset, timestampMs, key, content } = record;
    const at = { topic: `${topic}.dlq`, partition, offset: letters[partition] as number };
    letters[partition] = at.offset + 1;
    const cause = letterCauses[fate] as { reason: string };
    const original = {
      topic,
      partition,
      offset,
      timestampMs,
      ...(record.bytes ?? { key, content }),
    };
    events.push({ event: 'dead-letter', at, ...cause, ...original });
  };
  const take = (record: Written, process: string) => {
    takeToSinks(record, process);
    const cause = letterCauses[record.fate];
    if (cause?.sink !== undefined) rejected[record.partition]?.push(record);
    else if (cause !== undefined) writeLetter(record);
  };
  const writeLetters = (partition: number) => {
    for (const record of rejected[partition] ?? []) writeLetter(record);
    rejected[partition] = [];
  };
  const cutFile = (partition: number, next: number) => {
    const first = files[partition] as number;
    if (next <= first) return;
    const name = `${topic}+${partition}+${first}`;
    events.push({ event: 'file', name, topic, partition, first, next });
    for (const { fate, key, version, content } of logs[partition]?.slice(first, next) ?? [])
      if (isStored('s3', fate)) events.push({ event: 'line', file: name, key, version, content });
    files[partition] = next;
  };
  const commit = (partition: number) => {
    writeLetters(partition);
    committed[partition] = Math.min(taken[partition] as number, files[partition] as number);
    events.push({ event: 'committed', topic, partition, offset: committed[partition] });
  };
  const lookAtItems = () => {
    look += 1;
    events.push({ event: 'look', look });
    for (const { fate, timestampMs, bytes, ...item } of items.values())
      events.push({ event: 'item', look, topic, ...item });
  };
  const start = () => {
    processes += 1;
    events.push({ event: 'started', process: `member-${processes}` });
    return `member-${processes}`;
  };

  const act = (action: string, { partition, owner }: { partition: number; owner: string }) => {
    const record = logs[partition]?.[taken[partition] as number];
    if (action === 'take' && record !== undefined) {
      take(record, owner);
      taken[partition] = record.offset + 1;
    } else if (action === 'letters') writeLetters(partition);
    else if (action === 'file') cutFile(partition, taken[partition] as number);
    else if (action === 'commit') commit(partition);
    else if (action === 'look') lookAtItems();
  };

  const isUnfinished = () =>
    logs.some((log, partition) => (committed[partition] ?? 0) < log.length);
  while (isUnfinished()) {
    const partition = below(logs.length);
    const log = logs[partition] as Written[];
    const owner = owners[partition] as string;
    const fault = faultsLeft > 0 && chance(20);
    if (fault && chance(50)) {
      faultsLeft -= 1;
      events.push({ event: 'ended', process: owner, how: 'SIGKILL' });
      const heir = start();
      owners.forEach((one, index) => {
        if (one !== owner) return;
        owners[index] = heir;
        taken[index] = committed[index] as number;
        rejected[index] = [];
      });
    } else if (fault) {
      faultsLeft -= 1;
      const from = taken[partition] as number;
      taken[partition] = committed[partition] as number;
      rejected[partition] = [];
      // Another member that lives, or one that starts.
      const others = owners.filter((one) => one !== owner);
      owners[partition] = others.length > 0 && chance(50) ? pick(others) : start();
      // The member that lost the partition prints what it had taken, later than the new owner.
      for (const record of log.slice(taken[partition], from))
        take(record, owners[partition] as string);
      for (const record of log.slice(taken[partition], from)) takeToSinks(record, owner);
      taken[partition] = Math.max(taken[partition] as number, from);
    } else
      act(pick(['take', 'take', 'take', 'take', 'letters', 'file', 'commit', 'commit', 'look']), {
        partition,
        owner,
      });
  }
  lookAtItems();
}

/** A small generator of numbers (mulberry32), so that one seed repeats a history. */
export function createRandom(seed: number) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit: number) => Math.floor(next() * limit);
  return {
    /** An integer from 0 to before `limit`. */
    below,
    chance: (percent: number) => below(100) < percent,
    pick: <T>(choices: readonly T[]) => choices[below(choices.length)] as T,
  };
}
