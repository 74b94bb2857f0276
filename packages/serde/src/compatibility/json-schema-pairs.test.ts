import assert from 'node:assert/strict';
import { test } from 'node:test';
import { drawJsonSchemaPair } from '../testing/draw-json-schema-pair.ts';
import { refuteJsonVerdict } from '../testing/refute-json-verdict.ts';

// `npm run fuzz` draws others.
const first = 1;
const pairs = 200;
const valuesPerPair = 20;

test('no value refutes a verdict, and a reader with one keyword loosened is compatible', () => {
  let checked = 0;
  let incompatible = 0;
  for (let seed = first; seed < first + pairs; seed += 1) {
    const pair = drawJsonSchemaPair(seed, valuesPerPair);
    const verdict = refuteJsonVerdict(pair);
    if (!('checkedValues' in verdict)) {
      assert.fail(`seed ${seed}: ${JSON.stringify({ ...verdict, ...pair, values: undefined })}`);
    }
    checked += verdict.checkedValues;
    incompatible += Number(!verdict.isCompatible);
  }
  assert.ok(checked > pairs, `${checked} values checked`);
  assert.ok(incompatible > pairs / 20, `${incompatible} pairs are incompatible`);
});
