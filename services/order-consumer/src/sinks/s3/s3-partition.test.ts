import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createAvroFormat } from './avro-file.ts';
import { lastOffsetOf } from './file-range.ts';
import { partitionKeys } from './object-key.ts';
import type { ObjectStore } from './object-store.ts';
import type { AnotherWriterError } from './s3-partition.ts';
import { delivery, type MemoryPartition, openMemoryPartition } from './testing/memory-partition.ts';
import { createMemoryStore, type MemoryObject } from './testing/memory-store.ts';

const keys = partitionKeys('topics', 'orders', 0);
const offsets = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, i) => BigInt(from + i));

/** The files of the bucket in the order of their ranges, each with its lines. */
function filesOf(objects: ReadonlyMap<string, MemoryObject>) {
  return [...objects]
    .flatMap(([key, { body, metadata }]) => {
      const first = keys.firstOf(key);
      if (first === undefined) return [];
      const end = objects.get(keys.rangeEnd(first, metadata['file-id'] ?? ''))?.metadata ?? {};
      const last = lastOffsetOf(metadata) ?? (lastOffsetOf(end) as bigint);
      const lines = body.toString().split('\n').slice(0, -1).map(BigInt);
      return [{ first, last, lines, metadata }];
    })
    .sort((a, b) => (a.first < b.first ? -1 : 1));
}

const ranges = (objects: ReadonlyMap<string, MemoryObject>) =>
  filesOf(objects).map(({ first, last }) => `${first}-${last}`);

/** Stores a file of the range 10 to 14. */
async function storeFileTo14(
  bucket: ReturnType<typeof createMemoryStore>,
  lines: bigint[],
): Promise<void> {
  const ahead = await openMemoryPartition(bucket, { offset: 10n });
  await ahead.take(lines, 15n);
  ahead.flush('stop');
  await ahead.settle();
  ahead.close();
}

test('S3-09 a file begins after the file before it, and is closed at so many records', async () => {
  const bucket = createMemoryStore();
  const partition = await openMemoryPartition(
    bucket,
    {},
    {
      limits: { records: 3, bytes: 10 ** 9, flushMs: 10 ** 7, nextFlush: () => 10 ** 7 },
    },
  );
  // 0 and 5 have no line.
  await partition.take([1n, 2n, 3n, 4n], 6n);
  await partition.take([6n, 7n], 8n);
  await partition.settle();
  assert.deepEqual(
    filesOf(bucket.objects).map(({ first, last, lines }) => [first, last, lines]),
    [
      [0n, 3n, [1n, 2n, 3n]],
      [4n, 7n, [4n, 6n, 7n]],
    ],
  );
  assert.deepEqual(partition.last(), { next: 8n, mark: 8n });
  partition.close();
});

test('while a file has no line, the watermark moves and its mark does not; from its first line on, neither does', async () => {
  const bucket = createMemoryStore();
  const partition = await openMemoryPartition(bucket, { offset: 10n });
  await partition.take([], 20n);
  assert.deepEqual(partition.last(), { next: 20n, mark: 10n });
  await partition.take([25n, 26n], 30n);
  assert.deepEqual(partition.last(), { next: 25n, mark: 10n });
  partition.flush('stop');
  await partition.settle();
  assert.deepEqual(partition.last(), { next: 30n, mark: 30n });
  assert.deepEqual(ranges(bucket.objects), ['10-29']);
  partition.close();
  const again = await openMemoryPartition(bucket, { offset: 15n, mark: 10n });
  assert.equal(again.from, 30n);
  again.close();
});

test('a flush without a line stores nothing', async () => {
  const bucket = createMemoryStore();
  const partition = await openMemoryPartition(bucket);
  await partition.take([], 5n);
  partition.flush('revoked');
  await partition.settle();
  assert.equal(bucket.objects.size, 0);
  partition.close();
});

test('a flush before the first record does not close the file of the first record', async () => {
  const bucket = createMemoryStore();
  const partition = await openMemoryPartition(bucket);
  partition.flush('memory');
  await partition.take([0n], 1n);
  await partition.settle();
  assert.equal(bucket.objects.size, 0);
  partition.close();
});

test('an object in the way that is found within a run holds the partition: no record of the rest is passed', async () => {
  const bucket = createMemoryStore();
  await storeFileTo14(bucket, offsets(10, 15));
  const foreign = { contentType: 'text/plain', metadata: {}, body: Buffer.from('mine') };
  bucket.objects.set(keys.file(17n, 'json'), foreign);
  const back = await openMemoryPartition(bucket, { offset: 3n });
  await back.take(offsets(3, 20), 20n);
  await back.settle();
  assert.deepEqual(
    back.reopened.map(({ name }) => name),
    ['ForeignObjectError'],
  );
  assert.deepEqual(back.reports, []);
  back.close();
});

test('a file that is stored while the partition is closed is not reported', async () => {
  const bucket = createMemoryStore();
  const answer = Promise.withResolvers<void>();
  const triggers: string[] = [];
  const store: ObjectStore = {
    ...bucket.store,
    async put(...request) {
      const outcome = await bucket.store.put(...request);
      await answer.promise;
      return outcome;
    },
  };
  const options = { onStored: (trigger: string) => triggers.push(trigger) };
  const partition = await openMemoryPartition({ store }, {}, options);
  await partition.take([0n], 1n);
  partition.flush('revoked');
  await partition.settle();
  assert.equal(bucket.objects.size, 1);
  partition.close();
  answer.resolve();
  await partition.settle();
  assert.deepEqual(triggers, []);
  assert.deepEqual([partition.held(), partition.reopened], [0, []]);
});

test('the parts that are uploaded count for the limit of a file', async () => {
  const bucket = createMemoryStore();
  const partition = await openMemoryPartition(
    bucket,
    {},
    {
      limits: { records: 100, bytes: 18, flushMs: 10 ** 7, nextFlush: () => 10 ** 7 },
      partBytes: 4,
    },
  );
  // Lines of two bytes.
  await partition.take(offsets(0, 9), 9n);
  await partition.settle();
  assert.deepEqual(ranges(bucket.objects), ['0-8']);
  partition.close();
});

test('bytes that an encoder has not written yet count for the limit of a file and for the memory', async () => {
  const bucket = createMemoryStore();
  const triggers: string[] = [];
  const partition = await openMemoryPartition(
    bucket,
    {},
    {
      format: createAvroFormat('null'),
      limits: { records: 100, bytes: 2_000, flushMs: 10 ** 7, nextFlush: () => 10 ** 7 },
      onStored: (trigger) => triggers.push(trigger),
    },
  );
  const schema = { dataFormat: 'AVRO', definition: '"string"', versionId: '1' } as const;
  const text = (offset: number) => ({
    record: { offset: String(offset), value: null } as never,
    value: 'x'.repeat(300),
    schema,
  });
  await partition.takeRun({ deliveries: [0, 1, 2, 3, 4].map(text), next: 5n });
  assert.equal(partition.held(), partition.openBytes());
  assert.ok(partition.held() > 1_500);
  await partition.takeRun({ deliveries: [5, 6, 7].map(text), next: 8n });
  await partition.settle();
  assert.deepEqual(triggers, ['bytes']);
  partition.flush('stop');
  assert.equal(partition.openBytes(), 0);
  assert.equal(partition.held(), partition.queuedBytes());
  await partition.settle();
  assert.equal(partition.held(), 0);
  const stored = [...bucket.objects.values()].map(({ body }) => body.toString('latin1')).join();
  assert.equal(stored.split('x'.repeat(300)).length - 1, 8, 'every value is in a file');
  partition.close();
});

test('a mark above the committed offset decides where the partition begins', async () => {
  const bucket = createMemoryStore();
  const partition = await openMemoryPartition(bucket, { offset: 50n, mark: 80n });
  assert.equal(partition.from, 80n);
  partition.close();
});

test('S2-07 a file is closed when its time has come, before the next record is added', async () => {
  const bucket = createMemoryStore();
  let now = 0;
  const nextFlush = (at: number) => (Math.floor(at / 100) + 1) * 100;
  const partition = await openMemoryPartition(
    bucket,
    {},
    {
      now: () => now,
      limits: { records: 100, bytes: 10 ** 9, flushMs: 100, nextFlush },
    },
  );
  await partition.take([0n, 1n], 2n);
  now = 100;
  await partition.take([2n], 3n);
  now = 199;
  await partition.take([3n], 4n);
  await partition.settle();
  assert.deepEqual(ranges(bucket.objects), ['0-1']);
  partition.close();
});

test('S2-07 an idle partition stores its file when its time has come', async (context) => {
  context.mock.timers.enable({ apis: ['setTimeout'] });
  const bucket = createMemoryStore();
  let now = 0;
  const partition = await openMemoryPartition(
    bucket,
    {},
    {
      now: () => now,
      limits: { records: 100, bytes: 10 ** 9, flushMs: 1_000, nextFlush: () => 1_000 },
    },
  );
  await partition.take([0n], 5n);
  // The timer is a little early: the file waits for the rest.
  now = 999;
  context.mock.timers.tick(1_000);
  await partition.settle();
  assert.deepEqual(ranges(bucket.objects), []);
  now = 1_000;
  context.mock.timers.tick(1);
  await partition.settle();
  assert.deepEqual(ranges(bucket.objects), ['0-4']);
  partition.close();
});

test('a large file is uploaded in parts, and its parts are no longer in memory', async () => {
  const bucket = createMemoryStore();
  const partition = await openMemoryPartition(bucket, {}, { partBytes: 10 });
  for (let i = 0; i < 20; i += 1) {
    await partition.take([BigInt(i)], BigInt(i + 1));
    await partition.settle();
    assert.ok(partition.held() < 10);
  }
  assert.equal(bucket.uploads.size, 1);
  partition.flush('stop');
  await partition.settle();
  assert.deepEqual(filesOf(bucket.objects)[0]?.lines, offsets(0, 20));
  assert.deepEqual(ranges(bucket.objects), ['0-19']);
  assert.equal(partition.held(), 0);
  partition.close();
});

test('an upload that is not completed is aborted by the next owner of the partition', async () => {
  const bucket = createMemoryStore();
  const crashed = await openMemoryPartition(bucket, {}, { partBytes: 2 });
  await crashed.take(offsets(0, 5), 5n);
  await crashed.settle();
  crashed.close();
  assert.equal(crashed.abandoned.length, 1);
  assert.equal(bucket.uploads.size, 1);
  const next = await openMemoryPartition(bucket);
  assert.equal(bucket.uploads.size, 0);
  next.close();
});

test('when its upload was aborted by another owner, the partition is opened again', async () => {
  const bucket = createMemoryStore();
  const zombie = await openMemoryPartition(bucket, {}, { partBytes: 2 });
  await zombie.take(offsets(0, 5), 5n);
  await zombie.settle();
  const owner = await openMemoryPartition(bucket);
  zombie.flush('stop');
  await zombie.settle();
  assert.deepEqual(
    zombie.reopened.map(({ name }) => name),
    ['UploadLostError'],
  );
  assert.deepEqual(ranges(bucket.objects), []);
  zombie.close();
  owner.close();
});

test('the range of another writer is adopted: what it stored is durable, and the rest is read again', async () => {
  const bucket = createMemoryStore();
  const [a, b] = [await openMemoryPartition(bucket), await openMemoryPartition(bucket)];
  await a.take(offsets(0, 4), 4n);
  a.flush('stop');
  await a.settle();
  await b.take(offsets(0, 9), 9n);
  b.flush('stop');
  await b.settle();
  assert.deepEqual(b.last(), { next: 4n, mark: 4n });
  assert.deepEqual(
    b.reopened.map((error) => [error.name, (error as AnotherWriterError).retryable]),
    [['AnotherWriterError', true]],
  );
  a.close();
  b.close();
  const next = await openMemoryPartition(bucket, { offset: 4n, mark: 4n });
  assert.equal(next.from, 4n);
  await next.take(offsets(4, 9), 9n);
  next.flush('stop');
  await next.settle();
  assert.deepEqual(ranges(bucket.objects), ['0-3', '4-8']);
  next.close();
});

test('an object of a deleted topic with the same name holds the partition and is named', async () => {
  const bucket = createMemoryStore();
  const old = await openMemoryPartition(bucket, { topicId: 'old' });
  const created = await openMemoryPartition(bucket, { topicId: 'new' });
  await old.take([0n], 1n);
  old.flush('stop');
  await old.settle();
  await created.take([0n], 1n);
  created.flush('stop');
  await created.settle();
  assert.match(
    String(created.reopened[0]?.message),
    /s3:\/\/bucket\/topics\/orders\/partition=0\/orders\+0\+0000000000\.json: .*id old.*Move the object/,
  );
  old.close();
  created.close();
  await assert.rejects(openMemoryPartition(bucket, { topicId: 'new' }), { code: 'foreign-object' });
  const unknownId = await openMemoryPartition(bucket);
  assert.equal(unknownId.from, 1n);
  unknownId.close();
});

test('after a reset into a hole, the file ends before the one that exists', async () => {
  const bucket = createMemoryStore();
  await storeFileTo14(bucket, offsets(10, 15));
  const back = await openMemoryPartition(bucket, { offset: 3n });
  assert.equal(back.from, 3n);
  await back.take(offsets(3, 20), 20n);
  back.flush('stop');
  await back.settle();
  assert.deepEqual(ranges(bucket.objects), ['3-9', '10-14', '15-19']);
  assert.deepEqual(back.last(), { next: 20n, mark: 20n });
  back.close();
});

test('no range crosses the offset from which names are longer', async () => {
  const bucket = createMemoryStore();
  const start = 10n ** 10n - 2n;
  const partition = await openMemoryPartition(bucket, { offset: start });
  await partition.take([start, start + 1n, start + 2n, start + 3n], start + 5n);
  partition.flush('stop');
  await partition.settle();
  assert.deepEqual(ranges(bucket.objects), ['9999999998-9999999999', '10000000000-10000000002']);
  partition.close();
});

test('a refused record is on the dead-letter topic before the file that stands for it is stored', async () => {
  const bucket = createMemoryStore();
  const written = Promise.withResolvers<void>();
  const partition = await openMemoryPartition(
    bucket,
    {},
    { format: createAvroFormat('null'), deadLetters: written.promise },
  );
  const schema = { dataFormat: 'AVRO', definition: '"long"', versionId: '1' } as const;
  const record = (offset: bigint) => ({
    record: { offset: String(offset), value: null } as never,
    value: 5,
  });
  const deliveries = [
    { ...record(0n), schema },
    { ...record(1n), schema: { dataFormat: 'JSON', definition: '{}' } as const },
    { ...record(2n), schema },
  ];
  const taken = partition.takeRun({ deliveries, next: 3n });
  partition.flush('stop');
  await partition.settle();
  assert.deepEqual(
    partition.refusals.map(({ record, reason }) => [record.offset, reason]),
    [['1', 'rejected']],
  );
  assert.deepEqual([bucket.objects.size, partition.reports], [0, []]);
  written.resolve();
  await taken;
  await partition.settle();
  assert.deepEqual(
    [...bucket.objects.values()].map(({ metadata }) => metadata.records),
    ['2'],
  );
  assert.deepEqual(partition.last(), { next: 3n, mark: 3n });
  partition.close();
});

test('a file that is closed within a run waits for the refused records before it, and the watermark does too', async () => {
  const bucket = createMemoryStore();
  const written = Promise.withResolvers<void>();
  const limits = { records: 2, bytes: 10 ** 9, flushMs: 10 ** 7, nextFlush: () => 10 ** 7 };
  const format = createAvroFormat('null');
  const partition = await openMemoryPartition(
    bucket,
    {},
    { format, limits, deadLetters: written.promise },
  );
  const schema = { dataFormat: 'AVRO', definition: '"long"', versionId: '1' } as const;
  const record = (offset: number) => ({ record: { offset: String(offset), value: null } as never });
  const plain = { dataFormat: 'JSON', definition: '{}' } as const;
  const good = (offset: number) => ({ ...record(offset), value: 5, schema });
  const bad = (offset: number) => ({ ...record(offset), value: 5, schema: plain });
  // The first file has no refused record before it: it is stored while the record behind it waits.
  const taken = partition.takeRun({
    deliveries: [good(0), good(1), bad(2), good(3), good(4)],
    next: 5n,
  });
  await partition.settle();
  assert.deepEqual(
    [...bucket.objects.values()].map(({ metadata }) => metadata['last-offset']),
    ['1'],
  );
  assert.deepEqual(partition.reports, []);
  written.resolve();
  await taken;
  await partition.settle();
  assert.equal(bucket.objects.size, 2);
  assert.deepEqual(partition.last(), { next: 5n, mark: 5n });
  partition.close();
});

test('a range ends before the next file also when the offsets there have no line', async () => {
  const bucket = createMemoryStore();
  await storeFileTo14(bucket, [12n]);
  const back = await openMemoryPartition(bucket, { offset: 3n });
  await back.take([3n], 12n);
  back.flush('stop');
  await back.settle();
  assert.deepEqual(ranges(bucket.objects), ['3-9', '10-14']);
  back.close();
});

test('of two uploads of one file, the second is not stored', async () => {
  const bucket = createMemoryStore();
  const [a, b] = [1, 2].map(() => openMemoryPartition(bucket, {}, { partBytes: 2 }));
  const [first, second] = [await (a as NonNullable<typeof a>), await (b as NonNullable<typeof b>)];
  for (const one of [first, second]) await one.take(offsets(0, 9), 9n);
  for (const one of [first, second]) await one.settle();
  assert.equal(bucket.uploads.size, 2);
  await second.take([9n], 10n);
  for (const one of [first, second]) {
    one.flush('stop');
    await one.settle();
  }
  assert.deepEqual(filesOf(bucket.objects)[0]?.lines, offsets(0, 9));
  assert.deepEqual(second.last(), { next: 9n, mark: 9n });
  assert.deepEqual(
    second.reopened.map(({ name }) => name),
    ['AnotherWriterError'],
  );
  for (const one of [first, second]) one.close();
});

test('S2-07 in Avro, a new schema version begins a new file', async () => {
  const bucket = createMemoryStore();
  const format = createAvroFormat('null');
  const triggers: string[] = [];
  const onStored = (trigger: string) => triggers.push(trigger);
  const partition = await openMemoryPartition(bucket, {}, { format, onStored });
  const deliveries = ['1', '1', '2', '1'].map((versionId, offset) => ({
    record: { offset: String(offset), value: null } as never,
    value: 1,
    schema: { dataFormat: 'AVRO', definition: '"long"', versionId } as const,
  }));
  await partition.takeRun({ deliveries, next: 4n });
  partition.flush('stop');
  await partition.settle();
  assert.deepEqual(
    [...bucket.objects.values()].map(({ metadata }) => metadata['schema-version-id']),
    ['1', '2', '1'],
  );
  assert.deepEqual(triggers, ['schema', 'schema', 'stop']);
  partition.close();
});

test('S3-08 tombstones have no line, and a JSON file of several schema versions names none', async () => {
  const bucket = createMemoryStore();
  const partition = await openMemoryPartition(bucket);
  const other = { ...delivery(1n), schema: { ...delivery(1n).schema, versionId: 'v2' } };
  const tombstone = { record: { offset: '2' } as never, value: null, schema: undefined };
  await partition.takeRun({ deliveries: [delivery(0n), other, tombstone], next: 3n });
  partition.flush('stop');
  await partition.settle();
  const [file] = filesOf(bucket.objects);
  assert.deepEqual(file?.lines, [0n, 1n]);
  assert.deepEqual(
    [file?.metadata.records, file?.metadata['schema-version-id'], file?.metadata['last-offset']],
    ['2', undefined, '2'],
  );
  partition.close();
});

test('a lost answer is cured by the next attempt, because the object is recognised as the own one', async () => {
  for (const lost of ['put', 'completeUpload']) {
    let faults = 1;
    const bucket = createMemoryStore((name) => {
      if (name !== lost || faults === 0) return undefined;
      faults -= 1;
      return 'answer lost';
    });
    const partition = await openMemoryPartition(
      bucket,
      {},
      {
        partBytes: lost === 'put' ? 10 ** 9 : 2,
      },
    );
    await partition.take(offsets(0, 9), 9n);
    partition.flush('stop');
    await partition.settle();
    assert.deepEqual([ranges(bucket.objects), partition.reopened, faults], [['0-8'], [], 0], lost);
    assert.deepEqual(partition.last(), { next: 9n, mark: 9n });
    partition.close();
  }
});

test('a closed partition reports nothing, holds no memory and begins no request', async () => {
  let requests = 0;
  const bucket = createMemoryStore(() => {
    requests += 1;
    return undefined;
  });
  const limits = {
    records: 2,
    bytes: 10 ** 9,
    flushMs: 10 ** 7,
    nextFlush: (at: number) => at + 1,
  };
  const partition = await openMemoryPartition(bucket, {}, { limits });
  const taken = partition.take(offsets(0, 20), 20n);
  assert.ok(partition.held() > 0);
  partition.close();
  const before = requests;
  await taken;
  partition.flush('stop');
  await partition.settle();
  // One was in progress.
  assert.ok(requests <= before + 1);
  assert.deepEqual([partition.held(), partition.reopened], [0, []]);
});

/** One step of the life of a partition. `who`: which of two members that may hold it at once. */
const step = fc.oneof(
  {
    weight: 10,
    arbitrary: fc.record({
      kind: fc.constant('take' as const),
      who: fc.nat(1),
      count: fc.integer({ min: 1, max: 9 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('flush' as const), who: fc.nat(1) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('settle' as const), who: fc.nat(1) }) },
  // Takes the partition over; the other member goes on as a zombie.
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('open' as const), who: fc.nat(1), late: fc.nat(3) }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('crash' as const), who: fc.nat(1) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('reset' as const),
      who: fc.constant(0),
      to: fc.nat(60),
    }),
  },
);

test('S3-09 each record is in one file, once, whatever crashed, was reset, failed, or was held by two members', async () => {
  const end = 60;
  const setting = fc.record({
    // Offsets that are records; the others are markers of transactions, ignored tombstones or refused records.
    hasRecord: fc.array(fc.boolean(), { minLength: end, maxLength: end }),
    steps: fc.array(step, { maxLength: 40 }),
    faults: fc.infiniteStream(
      fc.oneof(
        { weight: 8, arbitrary: fc.constant(undefined) },
        { weight: 1, arbitrary: fc.constant('refused' as const) },
        { weight: 1, arbitrary: fc.constant('answer lost' as const) },
      ),
    ),
    records: fc.integer({ min: 1, max: 8 }),
    partBytes: fc.constantFrom(4, 12, 10 ** 6),
  });
  await fc.assert(
    fc.asyncProperty(setting, async ({ hasRecord, steps, faults, records, partBytes }) => {
      let isFaulty = true;
      const bucket = createMemoryStore(() => (isFaulty ? faults.next().value : undefined));
      const limits = {
        records,
        bytes: 30,
        flushMs: 10 ** 7,
        nextFlush: (at: number) => at + 10 ** 7,
      };
      let committed: { offset: bigint; mark: bigint | undefined } = { offset: 0n, mark: undefined };
      const members: (
        | { partition: MemoryPartition; position: number; opened: bigint }
        | undefined
      )[] = [];

      async function open(who: number): Promise<void> {
        members[who]?.partition.close();
        members[who] = undefined;
        const partition = await openMemoryPartition(bucket, committed, { limits, partBytes });
        members[who] = { partition, position: Number(committed.offset), opened: committed.offset };
      }

      /** Commits what the member has reported, or an older report. */
      function commit(who: number, late: number): void {
        const reports = members[who]?.partition.reports ?? [];
        const report = reports.at(-1 - late) ?? reports[0];
        if (report) committed = { offset: report.next, mark: report.mark };
      }

      for (const one of steps) {
        const member = members[one.who];
        // As the consumer does: at the committed offset.
        if (member && member.partition.reopened.length > 0) {
          commit(one.who, 0);
          await open(one.who);
        } else if (one.kind === 'take' && member) {
          const { partition, position } = member;
          const next = Math.min(end, position + one.count);
          if (next === position) continue;
          const run = offsets(position, next).filter(
            (offset) => hasRecord[Number(offset)] && offset >= partition.from,
          );
          member.position = next;
          void partition.take(run, BigInt(next));
        } else if (one.kind === 'flush') member?.partition.flush('memory');
        else if (one.kind === 'settle') await member?.partition.settle();
        else if (one.kind === 'open') {
          commit(1 - one.who, one.late);
          await open(one.who);
        } else if (one.kind === 'crash') {
          commit(one.who, 1);
          member?.partition.close();
          members[one.who] = undefined;
        } else if (one.kind === 'reset') {
          // A tool resets offsets only while the group has no members.
          for (const other of members) other?.partition.close();
          members.length = 0;
          committed = { offset: BigInt(one.to), mark: undefined };
        }
      }
      for (const member of members) await member?.partition.settle();
      for (const member of members) member?.partition.close();

      isFaulty = false;
      committed = { offset: 0n, mark: undefined };
      await open(0);
      const last = members[0] as NonNullable<(typeof members)[0]>;
      const { partition } = last;
      await partition.take(
        offsets(0, end).filter((offset) => hasRecord[Number(offset)] && offset >= partition.from),
        BigInt(end),
      );
      partition.flush('stop');
      await partition.settle();
      assert.deepEqual(partition.reopened, []);
      assert.ok((partition.last()?.next ?? partition.from) >= BigInt(end));
      partition.close();
      assert.equal(partition.held(), 0);

      const files = filesOf(bucket.objects);
      for (const [i, file] of files.entries()) {
        assert.ok(
          file.first <= file.last && file.last < (files[i + 1]?.first ?? 10n ** 9n),
          'overlap',
        );
        const expected = offsets(Number(file.first), Number(file.last) + 1).filter(
          (offset) => hasRecord[Number(offset)],
        );
        assert.deepEqual(file.lines, expected);
      }
      assert.deepEqual(
        files.flatMap(({ lines }) => lines),
        offsets(0, end).filter((offset) => hasRecord[Number(offset)]),
      );
      assert.equal(bucket.uploads.size, 0);
    }),
    { numRuns: 300 },
  );
});
