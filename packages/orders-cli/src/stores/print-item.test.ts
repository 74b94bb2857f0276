import assert from 'node:assert/strict';
import { test } from 'node:test';
import { printItem } from './print-item.ts';

test('S1-05 an item is printed with every digit of its numbers', () => {
  const item = {
    order_id: { S: 'a"b' },
    big: { N: '9223372036854775807' },
    decimal: { N: '0.10000000000000000000000000000000000001' },
    bytes: { B: Uint8Array.of(255, 0) },
    yes: { BOOL: false },
    none: { NULL: true },
    map: { M: { list: { L: [{ N: '1' }, { S: '' }] } } },
    sets: { L: [{ SS: ['a'] }, { NS: ['2'] }, { BS: [Uint8Array.of(1)] }] },
  } as const;
  assert.equal(
    printItem(item as never),
    '{"order_id":"a\\"b","big":9223372036854775807,"decimal":0.10000000000000000000000000000000000001,' +
      '"bytes":"/wA=","yes":false,"none":null,"map":{"list":[1,""]},"sets":[["a"],[2],["AQ=="]]}',
  );
  assert.equal(printItem({ a: { N: '1' } }, 2), '{\n  "a": 1\n}');
});
