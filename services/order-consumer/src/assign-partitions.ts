export interface GroupMember {
  id: string;
  /** The topics that the member subscribed to. */
  topics: readonly string[];
}

interface Load {
  id: string;
  /** Assigned partitions of each topic. */
  owned: Map<string, number[]>;
  total: number;
}

/** How the search reached a member: by receiving a partition of `topic` from `from`, or the new partition itself. */
interface Step {
  topic: string;
  from: Load | undefined;
}

/**
 * Assigns each partition to one member that subscribed to its topic, as evenly as the subscriptions allow. The result depends
 * only on the arguments, in whatever order, so every leader computes the same. Topics without partitions are left out.
 *
 * Invariant: the loads of two members differ by at most 1, unless no sequence of handovers between subscribers could reduce
 * the difference.
 *
 * @returns member id → topic → partitions. Each member has an entry.
 */
export function assignPartitions(
  members: readonly GroupMember[],
  partitionCounts: ReadonlyMap<string, number>,
): Map<string, Map<string, number[]>> {
  const subscribers = new Map<string, Load[]>();
  const loads = new Map<string, Load>();
  for (const { id, topics } of [...members].sort((a, b) => compare(a.id, b.id))) {
    const load: Load = { id, owned: new Map(), total: 0 };
    loads.set(id, load);
    for (const topic of new Set(topics))
      subscribers.set(topic, [...(subscribers.get(topic) ?? []), load]);
  }
  // Topics with few subscribers first: later topics then fill up the others, and fewer handovers are necessary.
  const topics = [...subscribers].sort(
    ([a, { length: m }], [b, { length: n }]) => m - n || compare(a, b),
  );
  for (const [topic] of topics)
    for (let partition = 0; partition < (partitionCounts.get(topic) ?? 0); partition += 1)
      place(topic, partition, subscribers);
  return new Map([...loads.values()].map(({ id, owned }) => [id, sorted(owned)]));
}

/**
 * Gives the partition to the member with the least load that can be reached: a subscriber, or a member to which a subscriber
 * can hand over one of its partitions, and so on. Each partition is placed along such a path, so no path remains that would
 * even out the loads (Harvey et al., Semi-matchings for bipartite graphs and load balancing, 2006).
 */
function place(topic: string, partition: number, subscribers: ReadonlyMap<string, Load[]>): void {
  const steps = new Map<Load, Step>();
  const searched = new Set<string>();
  const reach = (through: string, from: Load | undefined) => {
    if (searched.has(through)) return;
    searched.add(through);
    for (const load of subscribers.get(through) ?? [])
      if (!steps.has(load)) steps.set(load, { topic: through, from });
  };
  reach(topic, undefined);
  // Iterating a Map includes the entries that are added meanwhile.
  for (const load of steps.keys()) for (const owned of load.owned.keys()) reach(owned, load);
  let receiver = [...steps.keys()].reduce((least, load) =>
    load.total < least.total ? load : least,
  );
  receiver.total += 1;
  for (;;) {
    const step = steps.get(receiver) as Step;
    const handedOver = step.from === undefined ? partition : take(step.from, step.topic);
    receiver.owned.set(step.topic, [...(receiver.owned.get(step.topic) ?? []), handedOver]);
    if (step.from === undefined) return;
    receiver = step.from;
  }
}

function take({ owned }: Load, topic: string): number {
  const partitions = owned.get(topic) as number[];
  const taken = partitions.pop() as number;
  if (partitions.length === 0) owned.delete(topic);
  return taken;
}

function sorted(owned: ReadonlyMap<string, readonly number[]>): Map<string, number[]> {
  return new Map(
    [...owned]
      .sort(([a], [b]) => compare(a, b))
      .map(([topic, partitions]) => [topic, partitions.toSorted((a, b) => a - b)]),
  );
}

const compare = (a: string, b: string) => (a < b ? -1 : Number(a > b));
