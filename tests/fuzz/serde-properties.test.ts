import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkJsonVerdicts } from '../../packages/serde/src/testing/check-json-verdicts.ts';
import { damageBodies, damageFrames } from '../../packages/serde/src/testing/damage-frames.ts';

// The tests beside the code have a part of these runs.
const seed = 20_261_201;
const frames = 50_000;
const schemas = 160;

test(`${frames} frames changed anywhere decode to plain values or are rejected`, () =>
  damageFrames({ runs: frames, seed }));

test(`${frames} bodies changed anywhere after a valid header decode or are rejected`, () =>
  damageBodies({ runs: frames, seed }));

test(`${schemas} pairs of JSON Schemas in branches: a compatible reader accepts every value of the writer`, () => {
  const compared = checkJsonVerdicts({ runs: schemas, seed });
  assert.ok(compared > 1000, `${compared} values compared`);
});
