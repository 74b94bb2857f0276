import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { root } from '@order-stream/local-stack/state-folder';
import { claimedIds, mapFaults, mapFile, shownIds } from './behaviours.ts';

const text = readFileSync(join(root, mapFile), 'utf8');
const here = 'tools/behaviours.test.ts';
const line = (id: string) => text.split('\n').find((one) => one.startsWith(`| ${id} `)) as string;
const withLine = (id: string, shownBy: string) =>
  text.replace(line(id), `| ${id} [=] | what | how | ${shownBy} |`);
const newFaults = (changed: string, claims = claimedIds()) => {
  const before = new Set(mapFaults(text, claims));
  return mapFaults(changed, claims).filter((fault) => !before.has(fault));
};

test('a title shows the ids that it begins with, and none that come later', () => {
  assert.deepEqual(shownIds('S0-04 D-01 a frame as S0-05 has it'), ['S0-04', 'D-01']);
  assert.deepEqual(shownIds('a frame as S0-05 has it'), []);
});

test('a behaviour that is missing from the map is a fault', () => {
  assert.ok(newFaults(text.replace(line('S3-15'), '')).includes('S3-15 is not listed'));
});

test('a map that names a file which is not there, or shows nothing of it, is at fault', () => {
  assert.ok(
    newFaults(withLine('S4-11', '`tests/none.test.ts`')).includes(
      'S4-11: there is no tests/none.test.ts',
    ),
  );
  assert.ok(
    newFaults(withLine('S4-11', `\`${here}\``)).includes(
      `S4-11: no test in ${here} has a title that begins with it`,
    ),
  );
});

test('a test that claims what the map calls open is a fault', () => {
  const claims = new Map([[here, new Set(['S4-11', 'S0-99'])]]);
  const faults = mapFaults(withLine('S4-11', 'open'), claims);
  assert.ok(faults.includes(`S4-11: ${here} claims it, and its line does not name that file`));
  assert.ok(faults.includes(`${here} claims S0-99, which is no known behaviour`));
});
