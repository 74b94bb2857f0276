import assert from 'node:assert/strict';
import { test } from 'node:test';
import { shortened } from './shortened.ts';

test('a long text keeps its beginning and its end, without halves of characters', () => {
  assert.equal(shortened('abcdefgh', 8), 'abcdefgh');
  assert.equal(shortened('abcdefghi', 8), 'abcd … 1 characters … fghi');
  assert.equal(shortened('abc😀👍def', 8), 'abc … 4 characters … def');
});
