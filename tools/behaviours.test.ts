import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { root } from '@order-stream/local-stack/state-folder';
import { claimedIds, mapFaults, mapFile, shownIds } from './behaviours.ts';

const text = readFileSync(join(root, mapFile), 'utf8');
const here = 'tools/behaviours.test.ts';
const entry = (id: string) =>
  text.split(/^(?=- \*\*)/m).find((one) => one.startsWith(`- **${id}**`)) as string;
const withEntry = (id: string, shownBy: string) =>
  text.replace(entry(id), `- **${id}** [=] behaviour\n  - Test: how\n  - Shown by: ${shownBy}\n`);
const newFaults = (changed: string, claims = claimedIds()) => {
  const before = new Set(mapFaults(text, claims));
  return mapFaults(changed, claims).filter((fault) => !before.has(fault));
};

test('a title shows the ids at its start and no later ones', () => {
  assert.deepEqual(shownIds('S0-04 D-01 a frame as S0-05 has it'), ['S0-04', 'D-01']);
  assert.deepEqual(shownIds('a frame as S0-05 has it'), []);
});

test('a behaviour that the map lacks is a fault', () => {
  assert.ok(newFaults(text.replace(entry('S3-15'), '')).includes('S3-15 is not listed'));
});

test('a map that names a missing file, or a file without the id, is a fault', () => {
  assert.ok(
    newFaults(withEntry('S4-11', '`tests/none.test.ts`')).includes(
      'S4-11: tests/none.test.ts does not exist',
    ),
  );
  assert.ok(
    newFaults(withEntry('S4-11', `\`${here}\``)).includes(
      `S4-11: no test in ${here} has a title that begins with it`,
    ),
  );
});

test('a test that claims an open behaviour is a fault', () => {
  const claims = new Map([[here, new Set(['S4-11', 'S0-99'])]]);
  const faults = mapFaults(withEntry('S4-11', 'open'), claims);
  assert.ok(faults.includes(`S4-11: ${here} claims it, and its entry does not name that file`));
  assert.ok(faults.includes(`${here} claims S0-99, which is not a known behaviour`));
});
