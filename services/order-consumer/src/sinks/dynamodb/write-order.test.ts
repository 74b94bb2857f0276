import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createWriteOrder, type Write } from './write-order.ts';

interface Version {
  readonly partition: number;
  readonly identity: string;
  readonly number: number;
}

const orderOf = (maxInFlight: number) =>
  createWriteOrder<Version>({
    maxInFlight,
    replaces: (version, other) => version.number > other.number,
  });

const version = (identity: string, number: number, partition = 0) => ({
  identity,
  number,
  partition,
});

test('S1-05 versions that wait collapse to the newest, which settles them all', () => {
  const order = orderOf(4);
  const writes = order.openPartition();
  // A replayed dead letter comes after the versions that replace it.
  for (const number of [1, 3, 2]) writes.add('a', version('a', number));
  const write = order.begin();
  assert.equal(write?.version.number, 3);
  assert.equal(order.begin(), undefined);
  assert.deepEqual(
    write?.stored().map(({ number }) => number),
    [1, 3, 2],
  );
  assert.equal(order.begin(), undefined);
});

test('S1-05 a version waits for the one of the same item that is in flight', () => {
  const order = orderOf(4);
  const writes = order.openPartition();
  writes.add('a', version('a', 1));
  const first = order.begin();
  writes.add('a', version('a', 2));
  writes.add('b', version('b', 1));
  assert.equal(order.begin()?.version.identity, 'b');
  assert.equal(order.begin(), undefined);
  first?.stored();
  assert.equal(order.begin()?.version.number, 2);
});

test('S1-05 when the newest version is rejected, the one before it is written', () => {
  const order = orderOf(4);
  const writes = order.openPartition();
  for (const number of [1, 2]) writes.add('a', version('a', number));
  const write = order.begin();
  writes.add('a', version('a', 3));
  write?.rejected();
  const next = order.begin();
  assert.equal(next?.version.number, 3);
  assert.deepEqual(
    next?.stored().map(({ number }) => number),
    [1, 3],
  );
});

test('S1-05 nothing of a closed partition begins, and its writes in flight free their places', () => {
  const order = orderOf(1);
  const [closing, staying] = [order.openPartition(), order.openPartition()];
  closing.add('a', version('a', 1));
  closing.add('b', version('b', 1));
  staying.add('c', version('c', 1));
  const write = order.begin();
  closing.close();
  assert.equal(order.begin(), undefined);
  write?.abandoned();
  assert.equal(order.begin()?.version.identity, 'c');
});

test('S1-05 a paused write gives its place to another item, and takes its turn again', () => {
  const order = orderOf(1);
  const writes = order.openPartition();
  for (const identity of ['a', 'b', 'c']) writes.add(identity, version(identity, 1));
  const a = order.begin();
  assert.equal(order.begin(), undefined);
  a?.pause();
  writes.add('a', version('a', 2));
  const b = order.begin();
  assert.equal(b?.version.identity, 'b');
  let resumed = 0;
  a?.resume(() => {
    resumed += 1;
  });
  b?.stored();
  const c = order.begin();
  assert.equal(c?.version.identity, 'c', 'first come first served');
  assert.equal(resumed, 0);
  c?.stored();
  assert.equal(order.begin(), undefined, 'the later version waits for the resumed write');
  assert.equal(resumed, 1);
  a?.stored();
  assert.equal(order.begin()?.version.number, 2);
});

test('S1-05 the writes of a partition that is over take no place: paused, waiting to resume, or resumed', () => {
  const order = orderOf(1);
  const [ending, staying] = [order.openPartition(), order.openPartition()];
  for (const identity of ['a', 'b', 'c']) ending.add(identity, version(identity, 1));
  const pausedWrite = () => {
    const write = order.begin() as Write<Version>;
    write.pause();
    return write;
  };
  const [resumed, waiting, paused] = [pausedWrite(), pausedWrite(), pausedWrite()];
  resumed.resume(() => {});
  assert.equal(order.begin(), undefined);
  waiting.resume(() => assert.fail('the partition is over'));
  for (const write of [resumed, waiting, paused]) write.abandoned();
  for (const identity of ['d', 'e']) staying.add(identity, version(identity, 1));
  assert.equal(order.begin()?.version.identity, 'd');
  assert.equal(order.begin(), undefined);
});

const ofWrite = <Type extends string>(type: Type) =>
  fc.record({ type: fc.constant(type), pick: fc.nat() });

// A closed partition does nothing: if partitions were closed as often, most steps would be without effect.
const step = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      type: fc.constant('add' as const),
      partition: fc.nat(2),
      item: fc.nat(3),
    }),
  },
  { weight: 6, arbitrary: fc.record({ type: fc.constant('begin' as const) }) },
  { weight: 6, arbitrary: ofWrite('stored') },
  { weight: 3, arbitrary: ofWrite('rejected') },
  { weight: 6, arbitrary: ofWrite('pause') },
  { weight: 6, arbitrary: ofWrite('resume') },
  {
    weight: 1,
    arbitrary: fc.record({ type: fc.constant('close' as const), partition: fc.nat(2) }),
  },
);

test('S1-05 one write of an item at a time, in order, within the limit, and every version ends once', () => {
  fc.assert(
    fc.property(
      fc.array(step, { maxLength: 120 }),
      fc.integer({ min: 1, max: 4 }),
      (steps, max) => {
        const order = orderOf(max);
        const partitions = [0, 1, 2].map(() => order.openPartition());
        const closed = new Set<number>();
        const inFlight = new Set<Write<Version>>();
        const paused = new Set<Write<Version>>();
        const resuming = new Set<Write<Version>>();
        const ended = new Set<Version>();
        const refused = new Set<Version>();
        const added: Version[] = [];
        const lastStored = new Map<string, number>();
        const laneOf = ({ partition, identity }: Version) => `${partition} ${identity}`;

        const begin = () => {
          const resumedBefore = resuming.size;
          const write = order.begin();
          if (write === undefined) {
            const isIdle = inFlight.size < max;
            if (isIdle) assert.equal(openOf(resuming).length, 0, 'a write was not resumed');
            return resuming.size < resumedBefore;
          }
          assert.ok(!closed.has(write.version.partition));
          for (const other of [...inFlight, ...paused, ...resuming])
            assert.notEqual(laneOf(other.version), laneOf(write.version));
          inFlight.add(write);
          assert.ok(inFlight.size <= max);
          return true;
        };
        const openOf = (writes: Set<Write<Version>>) =>
          [...writes].filter((write) => !closed.has(write.version.partition));
        const resume = (write: Write<Version>) => {
          paused.delete(write);
          resuming.add(write);
          write.resume(() => {
            assert.ok(!closed.has(write.version.partition));
            resuming.delete(write);
            inFlight.add(write);
            assert.ok(inFlight.size <= max);
          });
        };
        const end = (write: Write<Version>, rejected: boolean) => {
          inFlight.delete(write);
          if (closed.has(write.version.partition)) {
            write.abandoned();
            return;
          }
          const done = rejected ? [write.version] : write.stored();
          if (rejected) write.rejected();
          for (const one of done) {
            assert.ok(!ended.has(one));
            ended.add(one);
            assert.ok(one.number <= write.version.number);
          }
          if (rejected) {
            refused.add(write.version);
            return;
          }
          const lane = laneOf(write.version);
          assert.ok(write.version.number > (lastStored.get(lane) ?? -1), 'an older version later');
          lastStored.set(lane, write.version.number);
        };

        for (const one of steps) {
          if (one.type === 'add') {
            if (closed.has(one.partition)) continue;
            const next = version(`i${one.item}`, added.length, one.partition);
            added.push(next);
            partitions[one.partition]?.add(next.identity, next);
          } else if (one.type === 'begin') while (begin());
          else if (one.type === 'close') {
            partitions[one.partition]?.close();
            closed.add(one.partition);
          } else {
            const writes = one.type === 'resume' ? paused : inFlight;
            const write = [...writes][one.pick % Math.max(1, writes.size)];
            if (write === undefined) continue;
            if (one.type === 'resume') resume(write);
            else if (one.type === 'pause') {
              inFlight.delete(write);
              paused.add(write);
              write.pause();
            } else end(write, one.type === 'rejected');
          }
        }
        for (const write of [...paused, ...resuming])
          if (closed.has(write.version.partition)) {
            paused.delete(write);
            resuming.delete(write);
            write.abandoned();
          }
        for (const write of paused) resume(write);
        while (begin() || inFlight.size > 0)
          for (const write of [...inFlight].slice(0, 1)) end(write, false);
        assert.equal(resuming.size, 0);

        for (const one of added) {
          if (closed.has(one.partition)) continue;
          assert.ok(ended.has(one), 'a version was forgotten');
          if (!refused.has(one)) assert.ok((lastStored.get(laneOf(one)) ?? -1) >= one.number);
        }
      },
    ),
    { numRuns: 500 },
  );
});
