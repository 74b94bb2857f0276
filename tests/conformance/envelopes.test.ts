import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Stored, startConnectorSinks } from './connector-sinks.ts';
import type { ConnectorFormat } from './row-events.ts';

// The bytes are made by the classes of Debezium and Connect. Each title begins with a row of docs/records.md.

let sinks: Awaited<ReturnType<typeof startConnectorSinks>>;
before(async () => {
  sinks = await startConnectorSinks();
});
after(() => sinks?.close());

const placeholder = '__debezium_unavailable_value';
const columns = [
  { name: 'id', type: 'int64' },
  { name: 'name', type: 'string', isNullable: true },
  { name: 'born', type: 'io.debezium.time.Date', isNullable: true },
  { name: 'note', type: 'string', isNullable: true },
];
const longest = 2n ** 63n - 1n;
const first = { id: longest, name: 'Žluť', born: 19_453, note: 'n' };
const second = { ...first, name: null };

let topics = 0;
function stored(
  converter: ConnectorFormat,
  isFlat: boolean,
  events: Parameters<typeof sinks.storedEvents>[0]['events'],
  env: Record<string, string> = {},
): Promise<Stored[]> {
  const topic = `envelopes-${topics++}`;
  return sinks.storedEvents({ topic, converter, isFlat, columns, key: ['id'], events }, env);
}

const item = {
  id: { N: String(longest) },
  name: { S: 'Žluť' },
  born: { N: '19453' },
  note: { S: 'n' },
};
const changes = [
  { op: 'r', after: first },
  { op: 'c', after: first },
  { op: 'u', before: first, after: second },
  { op: 'd', before: second },
  { op: 'tombstone', key: { id: longest } },
];
const formats = ['glue', 'confluent', 'json', 'json-with-schemas'] as const;

async function assertRowsAreItems(converter: ConnectorFormat): Promise<void> {
  const found = await stored(converter, false, changes);
  const lines = found.map(({ line }) => line.value as Record<string, unknown> | null);
  assert.deepEqual(
    lines.map((value) => value?.op),
    ['r', 'c', 'u', 'd', undefined],
  );
  const born = converter.startsWith('json') ? { digits: '19453' } : '2023-04-06';
  const printed = { ...first, id: { digits: String(longest) }, born };
  assert.deepEqual(lines[2]?.before, printed);
  assert.deepEqual(lines[2]?.after, { ...printed, name: null });
  const source = lines[2]?.source as { table: string };
  assert.equal(source.table, 'cdc_events');
  assert.match(found[2]?.file ?? '', /^\{"before":\{"id":9223372036854775807,.*"op":"u"/);
  assert.equal(found[4]?.file, undefined);
  assert.deepEqual(
    found.map(({ item }) => item && { ...item }),
    [item, item, { ...item, name: { NULL: true } }, undefined, undefined],
  );
  const key = { N: String(longest) };
  assert.deepEqual(
    found.map(({ deleted }) => deleted),
    [undefined, undefined, undefined, key, key],
  );
}

test('S2-05 S4-01 Debezium envelope, Avro by Glue: lines hold the envelope, items the row', () =>
  assertRowsAreItems('glue'));

test('S2-03 S2-05 Debezium envelope, Avro by Confluent: lines hold the envelope, items the row', () =>
  assertRowsAreItems('confluent'));

test('S2-05 S4-01 Debezium envelope, JSON: lines hold the envelope, items the row, with and without schemas', async () => {
  await assertRowsAreItems('json');
  await assertRowsAreItems('json-with-schemas');
});

test('S2-05 Debezium envelope, deleted: TOMBSTONES decides, as for a flat row', async () => {
  for (const converter of formats)
    for (const isFlat of [true, false]) {
      const events = changes.slice(3);
      const ignored = await stored(converter, isFlat, events, { TOMBSTONES: 'ignore' });
      assert.equal(ignored.length, 1);
      assert.deepEqual([ignored[0]?.item, ignored[0]?.deleted], [undefined, undefined]);
      assert.match(ignored[0]?.file ?? '', /"op":"d"|"__deleted":"true"/);
      // Without the tombstone, which is a dead letter for all sinks.
      const env = { TOMBSTONES: 'dlq' };
      const [refused] = await stored(converter, isFlat, events.slice(0, 1), env);
      assert.match(refused?.refused ?? '', /the record is a deletion, and TOMBSTONES is dlq$/);
      const deleted = await stored(converter, isFlat, events);
      const key = { N: String(longest) };
      assert.deepEqual(
        deleted.map(({ deleted }) => deleted),
        [key, key],
      );
    }
});

test('S2-05 Debezium envelope, default REPLICA IDENTITY: an update has no row before, a delete the key alone', async () => {
  for (const converter of formats) {
    const found = await stored(converter, false, [
      { op: 'u', before: null, after: first },
      { op: 'd', before: { id: longest } },
      // REPLICA IDENTITY NOTHING
      { op: 'd', before: null, key: { id: longest } },
    ]);
    assert.deepEqual({ ...found[0]?.item }, item);
    const key = { N: String(longest) };
    assert.deepEqual([found[1]?.deleted, found[2]?.deleted], [key, key]);
  }
});

test('S2-05 primary key changed: the old item is deleted and the new one stored', async () => {
  for (const converter of formats)
    for (const isFlat of [true, false]) {
      const found = await stored(converter, isFlat, [
        { op: 'd', before: first },
        { op: 'tombstone', key: { id: longest } },
        { op: 'c', after: { ...first, id: 2 } },
      ]);
      assert.deepEqual(
        found.map(({ deleted, item }) => deleted?.N ?? item?.id),
        [String(longest), String(longest), { N: '2' }],
      );
    }
});

test('S2-05 table truncated: a line, and a dead letter for items', async () => {
  for (const converter of formats) {
    const [found] = await stored(converter, false, [{ op: 't' }]);
    assert.equal(found?.line.key, null);
    assert.match(found?.file ?? '', /"op":"t"/);
    assert.match(found?.refused ?? '', /^\/op: .* got the truncation of a table/);
  }
});

test('S2-05 unchanged TOAST value: a line, and a dead letter for items that names the remedy', async () => {
  for (const converter of formats)
    for (const isFlat of [true, false]) {
      const after = { ...first, note: placeholder };
      const [found] = await stored(converter, isFlat, [{ op: 'u', before: null, after }]);
      assert.match(found?.file ?? '', /"note":"__debezium_unavailable_value"/);
      const place = converter.startsWith('json') ? '\\*' : 'note';
      assert.match(
        found?.refused ?? '',
        new RegExp(`^${isFlat ? '' : '/after'}/${place}: .*set REPLICA IDENTITY FULL`),
      );
    }
});

test('S2-04 S2-05 keys of connectors: Avro by Glue and by Confluent is decoded, JSON is text', async () => {
  for (const [converter, key] of [
    ['glue', { id: { digits: String(longest) } }],
    ['confluent', { id: { digits: String(longest) } }],
    ['json', '{"id":9223372036854775807}'],
  ] as const) {
    const found = await stored(converter, true, changes.slice(2));
    assert.deepEqual(
      found.map(({ line }) => line.key),
      [key, key, key],
    );
  }
});

test('S2-06 S4-02 S4-03 column added in the middle of a topic: each record is read by its own version, or all by the latest', async () => {
  for (const isFlat of [true, false])
    for (const converter of formats) {
      const events = { topic: `evolving-${topics++}`, converter, isFlat, key: ['id'] };
      const insert = { op: 'c', after: { ...first, employee_id: 7 } };
      const old = await sinks.recordsOf({ ...events, columns, events: [insert] });
      const added = { name: 'employee_id', type: 'int32', isNullable: true };
      const wider = { ...events, columns: [...columns, added], events: [insert] };
      const records = [...old, ...(await sinks.recordsOf(wider)), ...old];
      const employees = async (env: Record<string, string>) =>
        (await sinks.storedRecords(events, records, env)).map(({ item }) => item?.employee_id);
      const known = { N: '7' };
      assert.deepEqual(await employees({}), [undefined, known, undefined]);
      if (converter === 'glue') {
        const nothing = { NULL: true };
        assert.deepEqual(await employees({ READER_SCHEMA: 'latest' }), [nothing, known, nothing]);
      }
    }
});
