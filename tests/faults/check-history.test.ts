import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { describeAnomaly } from './check/anomaly.ts';
import { checkHistory } from './check-history.ts';
import { createRandom, goodHistories } from './generated-history.ts';
import { type HistoryEvent, storeNames } from './history-event.ts';
import { deadLetterPlantings } from './planted/dead-letters.ts';
import { dynamodbPlantings } from './planted/dynamodb.ts';
import { changed, isSamePlace, ofKind } from './planted/planting.ts';
import { s3Plantings } from './planted/s3.ts';
import { stdoutPlantings } from './planted/stdout.ts';
import { topicPlantings } from './planted/topic.ts';

const check = (events: readonly HistoryEvent[]) => checkHistory(() => events);

test('the checker finds nothing in histories of a correct service', () => {
  fc.assert(
    fc.property(goodHistories, (events) => {
      assert.deepEqual(check(events).map(describeAnomaly), []);
    }),
    { numRuns: 500 },
  );
});

const plantings = [
  ...topicPlantings,
  ...stdoutPlantings,
  ...dynamodbPlantings,
  ...s3Plantings,
  ...deadLetterPlantings,
];

test('every anomaly of every store is planted', () => {
  const names = ['lost', 'unseen', 'duplicate', 'reordered', 'phantom'];
  // Only the group may be behind, and the group does not write the topic.
  const expected = storeNames.flatMap((store) =>
    names
      .filter((name) => store !== 'topic' || name !== 'unseen')
      .map((name) => `${store} ${name}`),
  );
  const planted = new Set(plantings.map(({ store, name }) => `${store} ${name}`));
  assert.deepEqual([...planted].sort(), expected.sort());
});

test('a dead letter without the offset of its record is named, and so is the record', () => {
  let planted = 0;
  fc.assert(
    fc.property(goodHistories, fc.nat(), (events, seed) => {
      const letters = ofKind(events, 'dead-letter');
      const single = letters.filter(
        (one) => letters.filter((other) => isSamePlace(one, other)).length === 1,
      );
      const one = single[seed % single.length];
      if (one === undefined) return;
      planted += 1;
      // As a header that is missing is read.
      const found = check(changed(events, one, { ...one, offset: Number('undefined') }));
      assert.deepEqual(
        found.map(({ name, store, offset }) => [name, store, offset]),
        [
          ['phantom', 'dead-letters', Number.NaN],
          ['lost', 'dead-letters', one.offset],
        ],
        found.map(describeAnomaly).join('\n'),
      );
    }),
    { numRuns: 300 },
  );
  assert.ok(planted > 0, 'no history had a dead letter');
});

for (const { store, name, how, plant } of plantings)
  test(`the checker names a planted anomaly, and nothing else: ${name} (${store}), ${how}`, () => {
    let planted = 0;
    fc.assert(
      fc.property(goodHistories, fc.nat(), (events, seed) => {
        const { below } = createRandom(seed);
        const result = plant(events, (choices) => choices[below(choices.length)]);
        if (result === undefined) return;
        planted += 1;
        const found = check(result.events);
        assert.deepEqual(
          found.map((one) => `${one.name} ${one.store}`),
          [`${name} ${store}`],
          found.map(describeAnomaly).join('\n'),
        );
        if (result.offset !== undefined) assert.equal(found[0]?.offset, result.offset);
        if (result.key !== undefined) assert.equal(found[0]?.key, result.key);
      }),
      { numRuns: 300 },
    );
    assert.ok(planted > 0, 'no history had a place for the anomaly');
  });
