import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import {
  createSerializer,
  type DataFormat,
  type RegisteredSchema,
  RegistryUnavailableError,
  UnknownSchemaError,
  withSnapshot,
} from '../index.ts';

const source = 'http://registry';
const definition = '"string"';

function folderOf(context: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'snapshot-'));
  context.after(() => rmSync(folder, { recursive: true }));
  return folder;
}

/** A registry that has the ids below 10, and answers while `up`. */
function registry() {
  const state = { up: true, asked: 0 };
  async function answer(schemaId: number): Promise<RegisteredSchema> {
    state.asked += 1;
    if (!state.up) throw new RegistryUnavailableError('down');
    if (schemaId > 9) throw new UnknownSchemaError(String(schemaId));
    return { schemaId, dataFormat: 'AVRO', definition };
  }
  return Object.assign(state, {
    framing: 'confluent' as const,
    source,
    schemaById: (id: string) => answer(Number(id)),
    schemaByDefinition: (_name: string, _format: DataFormat, _text: string) => answer(1),
    check: async () => 'untouched',
  });
}

/** Waits until the file has so many answers of `registry()`. The folder cannot be removed while the file is written. */
async function saved(file: string, answers: number): Promise<void> {
  const isOurs = ([, answer]: [string, RegisteredSchema]) => answer.definition === definition;
  for (;;) {
    try {
      const kept = JSON.parse(readFileSync(file, 'utf8')).answers;
      if (kept.filter(isOurs).length === answers) return;
    } catch {
      // Not there yet.
    }
    await turn();
  }
}

test('earlier answers replace an unavailable registry, in this process and the next', async (context) => {
  const file = join(folderOf(context), 'snapshot.json');
  const source1 = registry();
  const first = withSnapshot(source1, { file });
  const known = [
    await first.schemaById('1'),
    await first.schemaByDefinition('s', 'AVRO', definition),
  ];
  await saved(file, 2);
  source1.up = false;
  assert.deepEqual(await first.schemaById('1'), known[0]);

  const next = withSnapshot(Object.assign(registry(), { up: false }), { file });
  assert.equal(next.snapshotAnswers(), 2);
  assert.deepEqual(await next.schemaById('1'), known[0]);
  assert.deepEqual(await next.schemaByDefinition('s', 'AVRO', definition), known[1]);
  await assert.rejects(next.schemaById('2'), { code: 'registry-unavailable' });
  await assert.rejects(next.schemaByDefinition('other', 'AVRO', definition), { retryable: true });
  assert.equal(await next.check(), 'untouched');
});

test('the latest version of a writer schema is kept as well, for each list of names', async (context) => {
  const file = join(folderOf(context), 'snapshot.json');
  const writer: RegisteredSchema = { schemaId: 1, dataFormat: 'AVRO', definition };
  const source1 = registry();
  const latestVersionOf = (_writer: RegisteredSchema, _names?: readonly string[]) =>
    source1.schemaById('2');
  const first = withSnapshot(Object.assign(source1, { latestVersionOf }), { file });
  const latest = await first.latestVersionOf(writer, ['orders']);
  await saved(file, 1);
  source1.up = false;
  assert.deepEqual(await first.latestVersionOf(writer, ['orders']), latest);
  await assert.rejects(first.latestVersionOf(writer), { code: 'registry-unavailable' });
  assert.ok(!('latestVersionOf' in withSnapshot(registry(), { file })));
});

test('the newest version of a name is kept as well, so that useLatestVersion can start while the registry is away', async (context) => {
  const file = join(folderOf(context), 'snapshot.json');
  const source1 = registry();
  const latestSchema = (_name: string) => source1.schemaById('2');
  const first = withSnapshot(Object.assign(source1, { latestSchema }), { file });
  const choice = { useLatestVersion: true } as const;
  const value = 'a';
  const bytes = await createSerializer({ registry: first }).serialize('t', value, choice);
  assert.equal(first.snapshotAnswers(), 1);
  await saved(file, 1);
  source1.up = false;
  const next = createSerializer({ registry: withSnapshot(source1, { file }) });
  assert.deepEqual(await next.serialize('t', value, choice), bytes);
  await assert.rejects(next.serialize('other', value, choice), { code: 'registry-unavailable' });
  assert.ok(!('latestSchema' in withSnapshot(registry(), { file })));
});

test('answers of the registry replace those of the file', async (context) => {
  const file = join(folderOf(context), 'snapshot.json');
  const old = { schemaId: 12, dataFormat: 'AVRO', definition: 'old' };
  const answers = [
    ['id 12', old],
    ['id 3', old],
  ];
  writeFileSync(file, JSON.stringify({ format: 'schema snapshot 1', source, answers }));
  const registered = withSnapshot(registry(), { file });
  await assert.rejects(registered.schemaById('12'), { code: 'unknown-schema' });
  assert.equal((await registered.schemaById('3')).definition, definition);
  await saved(file, 1);
});

test('answers of another registry are not used, because its ids differ', async (context) => {
  const file = join(folderOf(context), 'snapshot.json');
  await withSnapshot(registry(), { file }).schemaById('1');
  await saved(file, 1);
  const away = Object.assign(registry(), { up: false, source: 'http://elsewhere' });
  const elsewhere = withSnapshot(away, { file });
  assert.equal(elsewhere.snapshotAnswers(), 0);
  await assert.rejects(elsewhere.schemaById('1'), { code: 'registry-unavailable' });
});

test('a file that cannot be read or written is reported and does no harm', async (context) => {
  const folder = folderOf(context);
  const file = join(folder, 'snapshot.json');
  const faults: Error[] = [];
  const onFault = (error: Error) => faults.push(error);
  writeFileSync(file, 'half a fi');
  const registered = withSnapshot(registry(), { file, onFault });
  assert.equal(faults.length, 1);
  await registered.schemaById('1');
  await saved(file, 1);

  const nowhere = { file: join(folder, 'no', 'such', 'folder.json'), onFault };
  assert.ok(await withSnapshot(registry(), nowhere).schemaById('1'));
  while (faults.length < 2) await turn();
  assert.deepEqual(readdirSync(folder), ['snapshot.json']);
});
