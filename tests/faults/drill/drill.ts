import assert from 'node:assert/strict';
import { createDeadLetterTopic, orderFramer } from '@order-stream/local-stack/consumer';
import { type ProducerProcess, startProducer } from '@order-stream/local-stack/producer';
import type { ProcessOwner } from '@order-stream/local-stack/service-process';
import { committedOffsets, createTopic, isAllCommitted } from '@order-stream/local-stack/topics';
import { until } from '@order-stream/local-stack/until';
import { summarizeAnomalies } from '../check/anomaly.ts';
import { checkHistory } from '../check-history.ts';
import type { HistoryEvent, StoreName } from '../history-event.ts';
import { createHistoryFile } from '../history-file.ts';
import type { DrillSite } from './drill-pace.ts';
import type { DrillStores } from './drill-stores.ts';
import { type DrillLoad, type DrillLoadOptions, startDrillLoad } from './order-load.ts';
import { undecodable } from './poison.ts';
import { type RecordedConsumer, startRecordedConsumer } from './recorded-consumer.ts';
import { rejectedOrders } from './rejected-orders.ts';
import { readDeadLetters, readTopic } from './topic-reading.ts';

const stalledMs = 60_000;

export interface DrillOptions {
  /** The history is named for it. */
  name: string;
  partitions?: number;
  /** Stores that may hold a record twice. */
  repeats?: StoreName[];
  /** Environment of every member. */
  env?: Record<string, string>;
  /** Whether the members store in a table and in files as well. */
  sinks?: DrillStores;
  /** Avro definition of the orders that are written directly. Default: the newest that the producer ships. */
  schema?: string;
  /** What they do with tombstones. Default `ignored`. */
  tombstones?: 'ignored' | 'deleted';
}

/** A topic with its group, load and members, and the history of all of them. */
export async function startDrill(site: Omit<DrillSite, 'rate'>, options: DrillOptions) {
  const { name, partitions = 6, repeats = [] } = options;
  const { context, registry } = site;
  const { bootstrapServers } = site.broker;
  const topic = await createTopic(bootstrapServers, { partitions });
  const deadLetterTopic = await createDeadLetterTopic(bootstrapServers, topic, partitions);
  const frame = await orderFramer(registry, topic, options.schema);
  const groupId = `${topic}-group-01`;
  const history = createHistoryFile(name);
  const counts: Partial<Record<HistoryEvent['event'], number>> = {};
  const poisonCounts: Record<string, number> = {};
  const record = (event: HistoryEvent) => {
    counts[event.event] = (counts[event.event] ?? 0) + 1;
    if (event.event === 'sent' && event.poison !== undefined)
      poisonCounts[event.poison] = (poisonCounts[event.poison] ?? 0) + 1;
    history.record(event);
  };
  const { sinks, tombstones = 'ignored' } = options;
  const env: Record<string, string> = {
    ...sinks?.environment,
    TOMBSTONES: tombstones === 'ignored' ? 'ignore' : 'delete',
    ...options.env,
  };
  const members: RecordedConsumer[] = [];
  const starts: Promise<unknown>[] = [];
  const stored = (['dynamodb', 's3'] as const).filter((one) => env.SINKS?.includes(one));
  const stores: StoreName[] = ['topic', 'stdout', 'dead-letters', ...stored];
  record({ event: 'run', drill: name, stores, repeats });
  const rejected = await rejectedOrders(registry, topic, {
    dynamodb: stored.includes('dynamodb'),
    avroFiles: env.S3_FORMAT === 'avro',
  });
  const poison = [...undecodable, ...rejected];
  const loads: DrillLoad[] = [];
  let sends = 0;
  let producer: ProducerProcess | undefined;
  const ended = new AbortController();
  /** Of processes: they may not be ready yet when the test ends, and a test that timed out runs on. */
  const owner: ProcessOwner = {
    signal: ended.signal,
    after: (end) => ended.signal.addEventListener('abort', end),
  };
  context.after(async () => {
    ended.abort();
    await Promise.allSettled(starts);
    await Promise.allSettled([
      ...loads.map((load) => load.stop()),
      ...members.map((one) => one.exited),
    ]);
    history.close();
  });

  /** What the group has committed: members that start later begin there. */
  async function recordCommits(): Promise<void> {
    const offsets = await committedOffsets(bootstrapServers, groupId, topic);
    for (const [partition, offset] of offsets)
      record({ event: 'committed', topic, partition, offset: Number(offset) });
  }

  /** Waits as long as the group commits. Returns what is wrong if records are left and it has committed none for 60 s. */
  async function settle(): Promise<string | undefined> {
    let committed = -1n;
    let risenAtMs = performance.now();
    const check = async () => {
      if (performance.now() - risenAtMs > stalledMs) return 'stalled';
      if (await isAllCommitted(bootstrapServers, groupId, topic)) return 'settled';
      const offsets = await committedOffsets(bootstrapServers, groupId, topic);
      const sum = [...offsets.values()].reduce((total, offset) => total + offset, 0n);
      if (sum > committed) risenAtMs = performance.now();
      committed = sum;
      return undefined;
    };
    const found = await until('everything is committed', check, Number.POSITIVE_INFINITY);
    if (found === 'settled') return undefined;
    return `not settled: records are left, and none was committed for ${stalledMs} ms`;
  }

  /** Records the table as it is now. */
  async function look(): Promise<void> {
    if (sinks) for await (const event of sinks.readItems()) record(event);
  }

  return {
    topic,
    deadLetterTopic,
    look,
    groupId,
    history,
    note: (text: string) => record({ event: 'note', text }),
    recordCommits,
    /** Starts a producer of the topic. A load posts through it if `startLoad` is given it. */
    async startProducer(options: { waitUntilReady?: boolean } = {}): Promise<ProducerProcess> {
      ended.signal.throwIfAborted();
      return startProducer({ bootstrapServers, registry, topic, context: owner, ...options });
    },
    /** Posts orders through an own producer if `postedPerSecond` is above 0, and writes further ones directly. */
    async startLoad(load: Partial<DrillLoadOptions> = {}): Promise<DrillLoad> {
      const { postedPerSecond = 50 } = load;
      ended.signal.throwIfAborted();
      if (postedPerSecond > 0 && load.producer === undefined)
        producer ??= await startProducer({ bootstrapServers, registry, topic, context: owner });
      ended.signal.throwIfAborted();
      const started = startDrillLoad({
        ...{ topic, partitions, bootstrapServers, frame, record, producer, tombstones, poison },
        nextId: () => ++sends,
        ...load,
      });
      loads.push(started);
      return started;
    },
    async startMember(
      member: {
        env?: Record<string, string>;
        bootstrapServers?: string;
        linesPerSecond?: () => number;
        waitUntilReady?: boolean;
      } = {},
    ): Promise<RecordedConsumer> {
      await recordCommits();
      ended.signal.throwIfAborted();
      const starting = startRecordedConsumer(`member-${members.length + 1}`, {
        ...{ bootstrapServers, registry, topic, record, context: owner },
        ...member,
        // As in the service's image: by default, the young generation grows with the memory of the machine.
        env: { NODE_OPTIONS: '--max-semi-space-size=16', ...env, ...member.env },
      });
      starts.push(starting);
      const started = await starting;
      members.push(started);
      return started;
    },
    /** Resolves when the member has printed further lines. */
    async printsMore(member: RecordedConsumer): Promise<void> {
      const before = member.printed();
      await until(`${member.name} prints`, () => member.printed() > before, 60_000);
    },
    /** Resolves when the member has printed this many further lines from each of the partitions. */
    async printsFrom(
      member: RecordedConsumer,
      partitions: readonly number[],
      count: number,
    ): Promise<void> {
      const before = partitions.map(member.printedFrom);
      const isDone = () =>
        partitions.every((one, index) => member.printedFrom(one) - (before[index] ?? 0) >= count);
      const what = `${member.name} prints ${count} records of each of the partitions ${partitions}`;
      await until(what, isDone, 60_000);
    },
    /** Resolves when every record of the topic so far is committed. */
    async allCommitted(): Promise<void> {
      const check = () => isAllCommitted(bootstrapServers, groupId, topic);
      await until('everything is committed', check, 60_000);
    },
    /**
     * Stops the load, waits until everything is committed, stops the members, reads the stores and checks the history. A
     * history with anomalies is kept. Returns how many events of each kind it had.
     */
    async finish() {
      for (const load of loads) await load.stop();
      // If records are left, the checker names them.
      const unsettled = await settle();
      if (unsettled !== undefined) record({ event: 'note', text: unsettled });
      const exits = await Promise.all(members.map((member) => member.stop(25_000)));
      await Promise.all(members.map(({ exited }) => exited));
      await recordCommits();
      for await (const event of readTopic(bootstrapServers, registry, topic)) record(event);
      for await (const event of readDeadLetters(bootstrapServers, deadLetterTopic)) record(event);
      if (sinks) {
        await look();
        for await (const event of sinks.readFiles(topic)) record(event);
      }
      const anomalies = checkHistory(history.events);
      const unclean = exits.filter(({ code, signal }) => code !== 0 && signal !== 'SIGKILL');
      const found = [
        ...summarizeAnomalies(anomalies),
        ...unclean.map(({ code, signal }) => `a member ended with ${signal ?? `code ${code}`}`),
      ];
      const report = [...(unsettled === undefined ? [] : [unsettled]), ...found];
      assert.equal(found.length, 0, `${report.join('\n')}\nsee ${history.path}`);
      assert.deepEqual((await sinks?.openUploads()) ?? [], [], 'no upload is left unfinished');
      assert.deepEqual(Object.keys(poisonCounts).sort(), poison.map((one) => one.name).sort());
      history.remove();
      return { ...counts, poison: poisonCounts };
    },
  };
}
