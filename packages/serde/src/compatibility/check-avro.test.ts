import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { checkAvroCompatibility } from './check-avro.ts';

interface Reason {
  type: string;
  location: string;
  direction: string;
  previous: number;
}
interface Pair {
  id: string;
  newSchema: string;
  previous: string[];
  compatible: Record<string, boolean>;
  reasons: Record<string, Reason[]>;
}

const vectors = new URL('../../vectors/avro-compat/pairs.jsonl', import.meta.url);
const pairs = readFileSync(vectors, 'utf8')
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line) as Pair);

const modes = ['BACKWARD', 'BACKWARD_ALL', 'FORWARD', 'FORWARD_ALL', 'FULL', 'FULL_ALL'] as const;

for (const mode of modes) {
  test(`S0-09 ${mode} gives the verdicts and reasons of Avro Java on 320 schema histories`, () => {
    assert.equal(pairs.length, 320);
    for (const { id, newSchema, previous, compatible, reasons } of pairs) {
      const answer = checkAvroCompatibility({ mode, newSchema, previous });
      assert.equal(answer.compatible, compatible[mode], id);
      // The vectors list the reasons for each direction; FULL has both.
      const expected = mode.startsWith('FULL')
        ? ['BACKWARD', 'FORWARD'].flatMap((way) => reasons[mode.replace('FULL', way)] ?? [])
        : (reasons[mode] ?? []);
      assert.deepEqual(
        answer.incompatibilities
          .map(({ type, location, direction, previous }) => ({
            type,
            location,
            direction: direction === 'BACKWARD' ? 'new-reads-old' : 'old-reads-new',
            previous,
          }))
          .sort(byDirection),
        expected,
        id,
      );
    }
  });
}

test('S0-09 NONE allows every further version, DISABLED none', () => {
  const history = { newSchema: '"string"', previous: ['"int"', '"long"'] };
  assert.deepEqual(checkAvroCompatibility({ mode: 'NONE', ...history }), {
    compatible: true,
    incompatibilities: [],
  });
  const disabled = checkAvroCompatibility({ mode: 'DISABLED', ...history });
  assert.equal(disabled.compatible, false);
  assert.equal(disabled.incompatibilities[0]?.type, 'VERSIONING_DISABLED');
});

test('S0-09 a first version is compatible under every mode', () => {
  for (const mode of [...modes, 'NONE', 'DISABLED'] as const) {
    const { compatible } = checkAvroCompatibility({ mode, newSchema: '"string"', previous: [] });
    assert.equal(compatible, true, mode);
  }
});

test('a proposal that is not a schema is an error under every mode', () => {
  for (const mode of [...modes, 'NONE', 'DISABLED'] as const) {
    assert.throws(() => checkAvroCompatibility({ mode, newSchema: '"strin"', previous: [] }), {
      code: 'invalid-avro-schema',
    });
  }
});

// The sort is stable, so the order within a direction stays under test.
function byDirection(left: Reason, right: Reason): number {
  return Number(left.direction === 'old-reads-new') - Number(right.direction === 'old-reads-new');
}
