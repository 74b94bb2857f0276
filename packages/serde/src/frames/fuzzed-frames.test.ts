import { test } from 'node:test';
import { damageBodies, damageFrames } from '../testing/damage-frames.ts';

// tests/fuzz has 50 000 of each.
const runs = 5_000;
const seed = 20_261_130;

test(`${runs} frames changed anywhere decode to plain values or are rejected`, () =>
  damageFrames({ runs, seed }));

test(`${runs} bodies changed anywhere after a valid header decode or are rejected`, () =>
  damageBodies({ runs, seed }));
