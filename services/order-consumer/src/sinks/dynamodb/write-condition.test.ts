import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import fc from 'fast-check';
import type { SourcePosition } from './source-position.ts';
import { positionValues, replaces, writeCondition } from './write-condition.ts';

type Item = Record<string, AttributeValue>;

/** Evaluates the part of DynamoDB's condition language that the sink uses. A comparison with a missing attribute is false. */
function holds(condition: ReturnType<typeof writeCondition>, item: Item | undefined): boolean {
  const tokens = condition.ConditionExpression.match(
    /attribute_not_exists|AND|OR|<>|[#:]\w+|[()=<]/g,
  );
  assert.ok(tokens);
  const names: Record<string, string> = condition.ExpressionAttributeNames;
  const values: Record<string, AttributeValue> = condition.ExpressionAttributeValues;
  let at = 0;
  const next = () => tokens[at++] as string;
  const operand = (token: string) =>
    token.startsWith('#') ? item?.[names[token] as string] : values[token];

  const or = (): boolean => {
    let result = and();
    while (tokens[at] === 'OR') {
      at += 1;
      // Both sides are read, whatever the first is.
      const right = and();
      result ||= right;
    }
    return result;
  };
  const and = (): boolean => {
    let result = primary();
    while (tokens[at] === 'AND') {
      at += 1;
      const right = primary();
      result &&= right;
    }
    return result;
  };
  const primary = (): boolean => {
    const token = next();
    if (token === '(') {
      const result = or();
      assert.equal(next(), ')');
      return result;
    }
    if (token === 'attribute_not_exists') {
      assert.equal(next(), '(');
      const missing = operand(next()) === undefined;
      assert.equal(next(), ')');
      return missing;
    }
    const [left, operator, right] = [operand(token), next(), operand(next())];
    if (left === undefined || right === undefined) return operator === '<>';
    const [a, b] =
      left.N === undefined ? [left.S, right.S] : [BigInt(left.N), BigInt(right.N ?? 0)];
    if (operator === '<') return (a as bigint) < (b as bigint);
    return (operator === '=') === (a === b);
  };
  const result = or();
  assert.equal(at, tokens.length);
  return result;
}

const applies = (position: SourcePosition, item: Item | undefined) =>
  holds(writeCondition(position), item);

const anyPosition = fc.record({
  topic: fc.constantFrom('a', 'b'),
  partition: fc.nat(2),
  offset: fc.bigInt(0n, 3n),
  timestamp: fc.bigInt(-1n, 2n),
});

test('S1-05 the condition at DynamoDB and the rule within a process are the same', () => {
  fc.assert(
    fc.property(anyPosition, anyPosition, (ours, theirs) => {
      assert.equal(applies(ours, positionValues(theirs)), replaces(ours, theirs));
      assert.equal(replaces(ours, theirs) && replaces(theirs, ours), false);
    }),
    { numRuns: 2_000 },
  );
});

test('S1-05 an item that no sink has written is replaced, and a repeated write changes nothing', () => {
  const position = { topic: 'a', partition: 0, offset: 0n, timestamp: 0n };
  assert.equal(applies(position, undefined), true);
  assert.equal(applies(position, { order_id: { S: 'x' } }), true);
  assert.equal(applies(position, positionValues(position)), false);
});

/** Positions of one item: the timestamps of a partition never decrease. */
const history = fc
  .array(fc.record({ topic: fc.constantFrom('a', 'b'), partition: fc.nat(2), step: fc.nat(2) }), {
    minLength: 1,
    maxLength: 12,
  })
  .map((records) => {
    const ends = new Map<string, { offset: bigint; timestamp: bigint }>();
    return records.map(({ topic, partition, step }): SourcePosition => {
      const key = `${topic}/${partition}`;
      const { offset, timestamp } = ends.get(key) ?? { offset: 0n, timestamp: 0n };
      const end = { offset: offset + 1n, timestamp: timestamp + BigInt(step) };
      ends.set(key, end);
      return { topic, partition, ...end };
    });
  });

/** The rule in other words: the latest record, then the highest partition, then the last topic, then the highest offset. */
function winner(positions: readonly SourcePosition[]): SourcePosition {
  const rank = ({ timestamp, partition, topic, offset }: SourcePosition) =>
    [timestamp, partition, topic, offset] as const;
  return positions.toSorted((left, right) => {
    const [a, b] = [rank(left), rank(right)];
    const index = a.findIndex((part, i) => part !== b[i]);
    if (index === -1) return 0;
    return (a[index] as bigint) < (b[index] as bigint) ? 1 : -1;
  })[0] as SourcePosition;
}

test('S1-05 whatever the order of the writes, the item is the version that the rule names', () => {
  fc.assert(
    fc.property(
      history.chain((positions) =>
        fc.tuple(
          fc.constant(positions),
          // Some are written again, as after a restart.
          fc.array(fc.constantFrom(...positions), { maxLength: 6 }),
          fc.array(fc.double({ noNaN: true }), { minLength: 18, maxLength: 18 }),
        ),
      ),
      ([positions, again, order]) => {
        const writes = [...positions, ...again]
          .map((position, index) => ({ position, at: order[index] as number }))
          .sort((a, b) => a.at - b.at);
        let item: Item | undefined;
        for (const { position } of writes)
          if (applies(position, item)) item = positionValues(position);
        assert.deepEqual(item, positionValues(winner(positions)));
      },
    ),
  );
});
