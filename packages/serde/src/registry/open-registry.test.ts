import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { openRegistry } from './open-registry.ts';

const glue = { kind: 'glue', registryName: 'customer', region: 'eu-west-1' } as const;
const confluent = { kind: 'confluent', url: 'http://user:hunter2@registry:8081/' } as const;

test('the settings choose the client', async () => {
  const opened = [await openRegistry(glue), await openRegistry(confluent)];
  assert.deepEqual(
    opened.map(({ framing, source }) => ({ framing, source })),
    [
      { framing: 'glue', source: 'glue customer eu-west-1' },
      { framing: 'confluent', source: 'http://registry:8081' },
    ],
  );
  for (const registry of opened) {
    assert.equal(registry.snapshotAnswers(), 0);
    registry.close();
  }
});

test('a snapshot file is read, and a fault of it reported', async (context) => {
  const folder = mkdtempSync(join(tmpdir(), 'open-registry-'));
  context.after(() => rmSync(folder, { recursive: true }));
  const snapshotFile = join(folder, 'snapshot.json');
  writeFileSync(
    snapshotFile,
    JSON.stringify({
      format: 'schema snapshot 1',
      source: 'http://registry:8081',
      answers: [['id 1', { schemaId: 1, dataFormat: 'AVRO', definition: '"long"' }]],
    }),
  );
  const opened = await openRegistry({ ...confluent, snapshotFile });
  assert.equal(opened.snapshotAnswers(), 1);

  writeFileSync(snapshotFile, 'half a fi');
  const faults: Error[] = [];
  await openRegistry({ ...glue, snapshotFile }, { onSnapshotFault: (error) => faults.push(error) });
  assert.equal(faults.length, 1);
});

test('an empty text, as of an unset variable, is a setting that is not given', async () => {
  const opened = await openRegistry({
    ...{ kind: 'glue', registryName: 'customer', snapshotFile: '' },
    ...{ region: '', endpoint: '', assumeRoleArn: '' },
  });
  assert.equal(opened.source, 'glue customer');
  assert.equal(opened.snapshotAnswers(), 0);
  opened.close();
});

test('a mode that only Glue has is refused for another registry', async () => {
  (await openRegistry(glue, { compatibility: 'DISABLED' })).close();
  await assert.rejects(openRegistry(confluent, { compatibility: 'DISABLED' }), TypeError);
});
