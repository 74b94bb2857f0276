import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { itemBytes } from './item-size.ts';

test('S1-05 an item has the size that DynamoDB counts', () => {
  // The name `n` is one byte of each.
  const sizes: [AttributeValue, number][] = [
    [{ S: '' }, 1],
    [{ S: 'aä' }, 4],
    [{ N: '123' }, 4],
    [{ N: '-1.5' }, 5],
    [{ B: Buffer.from([1, 2, 3]) }, 4],
    [{ BOOL: false }, 2],
    [{ NULL: true }, 2],
    [{ L: [] }, 4],
    [{ L: [{ S: 'x' }, { N: '1' }] }, 9],
    [{ M: {} }, 4],
    [{ M: { ab: { S: 'x' } } }, 8],
    [{ M: { a: { L: [{ BOOL: true }] }, b: { NULL: true } } }, 14],
  ];
  for (const [value, bytes] of sizes)
    assert.equal(itemBytes({ n: value }), bytes, JSON.stringify(value));
  assert.equal(itemBytes({}), 0);
  assert.equal(itemBytes({ ä: { S: 'x' }, b: { S: 'yz' } }), 6);
});
