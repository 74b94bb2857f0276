/**
 * Orders the writes of items. A pure state machine.
 *
 * Invariants:
 * - a partition's versions of one item are written one after another; of those that wait, only the newest
 * - at most `maxInFlight` writes are in flight over all partitions. A paused write is not in flight, but the later versions of its
 *   item wait for it
 */
export function createWriteOrder<Version>(options: {
  maxInFlight: number;
  /** Whether one version of an item replaces another. */
  replaces(version: Version, other: Version): boolean;
}) {
  const { maxInFlight, replaces } = options;
  let inFlight = 0;
  /** Items whose next write may begin, or whose paused write may resume, first come first served. */
  let firstReady: Item<Version> | undefined;
  let lastReady: Item<Version> | undefined;

  function makeReady(item: Item<Version>): void {
    if (lastReady === undefined) firstReady = item;
    else lastReady.nextReady = item;
    lastReady = item;
  }

  function takeReady(): Item<Version> | undefined {
    while (firstReady !== undefined) {
      const item = firstReady;
      firstReady = item.nextReady;
      if (firstReady === undefined) lastReady = undefined;
      item.nextReady = undefined;
      if (!item.partition.isClosed) return item;
    }
    return undefined;
  }

  /** Begins the next write; `undefined` when none may begin now. Writes that wait to resume have their turn among the new ones. */
  function begin(): Write<Version> | undefined {
    while (inFlight < maxInFlight) {
      const item = takeReady();
      if (item === undefined) return undefined;
      inFlight += 1;
      const { resume } = item;
      if (resume === undefined) return beginWrite(item);
      item.resume = undefined;
      resume();
    }
    return undefined;
  }

  function beginWrite(item: Item<Version>): Write<Version> {
    let isPaused = false;
    const versions = item.waiting;
    item.waiting = [];
    const newest = versions.reduce((best, next) => (replaces(next, best) ? next : best));
    const end = () => {
      inFlight -= 1;
      if (item.waiting.length > 0) makeReady(item);
      else item.partition.items.delete(item.identity);
    };
    return {
      version: newest,
      pause() {
        isPaused = true;
        inFlight -= 1;
      },
      resume(resumed) {
        item.resume = () => {
          isPaused = false;
          resumed();
        };
        makeReady(item);
      },
      stored() {
        end();
        return versions;
      },
      rejected() {
        // The versions that it would have replaced are written instead.
        item.waiting = [...versions.filter((version) => version !== newest), ...item.waiting];
        end();
      },
      abandoned() {
        item.partition.isClosed = true;
        if (!isPaused) inFlight -= 1;
      },
    };
  }

  function openPartition() {
    const partition: Partition<Version> = { items: new Map(), isClosed: false };
    return {
      /** Versions are added in the order of their offsets. */
      add(identity: string, version: Version): void {
        const known = partition.items.get(identity);
        if (known !== undefined) {
          known.waiting.push(version);
          return;
        }
        const item = {
          identity,
          partition,
          waiting: [version],
          resume: undefined,
          nextReady: undefined,
        };
        partition.items.set(identity, item);
        makeReady(item);
      },
      /** Nothing of the partition begins any more. */
      close(): void {
        partition.isClosed = true;
      },
    };
  }

  return { begin, openPartition };
}

/** A write in flight. It ends by exactly one call of `stored`, `rejected` or `abandoned`. */
export interface Write<Version> {
  readonly version: Version;
  /** The request failed and is sent again later. Another write may begin meanwhile. */
  pause(): void;
  /** Ends a pause. `begin` calls `resumed` when the request may be sent again. */
  resume(resumed: () => void): void;
  /** The table has the version or a newer one. Returns it with the versions that it replaced. */
  stored(): readonly Version[];
  /** The table will never take the version. */
  rejected(): void;
  /** The partition is over. Also ends a paused write. */
  abandoned(): void;
}

interface Partition<Version> {
  /** Those with a write in flight or paused, or with versions that wait. */
  readonly items: Map<string, Item<Version>>;
  isClosed: boolean;
}

interface Item<Version> {
  readonly identity: string;
  readonly partition: Partition<Version>;
  waiting: Version[];
  /** Continues the write that was paused. Undefined unless it waits to resume. */
  resume: (() => void) | undefined;
  nextReady: Item<Version> | undefined;
}
