import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Clock } from '../../load-run.ts';
import { createSeededRandom } from '../../seeded-random.ts';
import { DatabaseRefusedError } from '../connection/database.ts';
import { createFakeTable, type StatementEnd } from '../testing/fake-table.ts';
import { createChangeTally } from './change-tally.ts';
import { createKnownRows } from './known-rows.ts';
import { runChanges } from './run-changes.ts';

const table = { schema: 'ods', table: 'cdc_events' };

/** Time passes only while the run sleeps. */
function createStillClock() {
  let now = 0;
  const clock: Clock = {
    nowMs: () => now,
    async sleepUntil(dueMs) {
      now = Math.max(now, dueMs);
    },
  };
  return clock;
}

async function change(
  ends: readonly StatementEnd[],
  { seed = 'a', keys = 5, changes = 40, before = new Map<number, bigint>() } = {},
) {
  const inTable = new Map(before);
  const fake = createFakeTable(inTable);
  const rows = createKnownRows();
  for (const [id, revision] of inTable) rows.set(id, revision);
  const tally = createChangeTally();
  let at = 0;
  const connect = () => fake.connect(() => ends[at++] ?? 'answered');
  const clock = createStillClock();
  await runChanges(
    {
      ...{ table, keys, rows, tally, rate: 100, limit: { changes }, clock },
      random: createSeededRandom(seed),
      reconnect: async () => connect(),
      stop: new AbortController().signal,
    },
    connect(),
  );
  return { summary: tally.summary(), applied: fake.applied, rows, inTable, clock };
}

test('every change is counted once and applied once, however answers are lost', async () => {
  const end = fc.constantFrom<StatementEnd>('answered', 'answered', 'lost-before', 'lost-after');
  await fc.assert(
    fc.asyncProperty(fc.array(end, { maxLength: 60 }), fc.string(), async (ends, seed) => {
      const { summary, applied, rows, inTable } = await change(ends, { seed });
      assert.equal(summary.changes, 40);
      assert.deepEqual(
        [summary.inserts, summary.updates, summary.deletes],
        [applied.INSERT, applied.UPDATE, applied.DELETE],
      );
      assert.equal(rows.differences(inTable), 0);
      assert.equal(inTable.size, summary.inserts - summary.deletes);
      const used = ends.slice(0, 40 + summary.unknown.not_applied);
      const lost = (kind: StatementEnd) => used.filter((each) => each === kind).length;
      assert.equal(summary.unknown.applied, lost('lost-after'));
      assert.equal(summary.unknown.not_applied, lost('lost-before'));
      assert.equal(summary.unknown.unresolved, 0);
    }),
  );
});

test('the same seed makes the same changes, and another seed others', async () => {
  const revisions = async (seed: string) => [...(await change([], { seed })).inTable];
  assert.deepEqual(await revisions('a'), await revisions('a'));
  assert.notDeepEqual(await revisions('a'), await revisions('b'));
});

test('all kinds of changes occur, deleted keys are inserted again, and revisions only rise', async () => {
  const { summary, inTable } = await change([], { changes: 400 });
  for (const kind of ['inserts', 'updates', 'deletes', 'reinserts'] as const)
    assert.ok(summary[kind] > 10, `${kind}: ${summary[kind]}`);
  // No revision of a key occurs twice: all changes of a key are counted in its last one.
  const total = [...inTable.values()].reduce((sum, revision) => sum + revision, 0n);
  assert.ok(total > 400n / 2n && total <= 400n);
});

test('a change on a schedule is due at its time from the start', async () => {
  const { clock } = await change([], { changes: 41 });
  assert.equal(clock.nowMs(), 400);
});

test('rows that another program changed are conflicts, and are read again', async () => {
  const inTable = new Map([[1, 7n]]);
  const fake = createFakeTable(inTable);
  const rows = createKnownRows();
  rows.set(1, 3n);
  const tally = createChangeTally();
  await runChanges(
    {
      ...{ table, keys: 1, rows, tally, rate: 0, limit: { changes: 3 } },
      random: createSeededRandom('x'),
      reconnect: () => Promise.reject(new Error('not lost')),
      clock: createStillClock(),
      stop: new AbortController().signal,
    },
    fake.connect(() => 'answered'),
  );
  assert.equal(tally.summary().conflicts, 1);
  assert.equal(rows.differences(inTable), 0);
});

test('a few refusals are counted, and a fault that stays ends the run', async () => {
  const { summary } = await change(['refused', 'answered', 'refused', 'refused']);
  assert.deepEqual([summary.refused, summary.changes], [3, 40]);
  await assert.rejects(change(Array(5).fill('refused')), DatabaseRefusedError);
});

test('a stopped run resolves no further changes', async () => {
  const rows = createKnownRows();
  const tally = createChangeTally();
  const stop = new AbortController();
  const fake = createFakeTable(new Map());
  let left = 10;
  await runChanges(
    {
      ...{ table, keys: 5, rows, tally, rate: 0, limit: {}, stop: stop.signal },
      random: createSeededRandom('x'),
      reconnect: () => Promise.reject(new Error('not lost')),
      clock: createStillClock(),
    },
    fake.connect(() => {
      left -= 1;
      if (left === 0) stop.abort();
      return 'answered';
    }),
  );
  assert.equal(tally.changes(), 10);
});
