import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fieldFaults } from './wrong-order.ts';

test('the fault of a union without a text of its own says what its branches accept', () => {
  const branch = { instancePath: '/discount', params: {} };
  const violations = [
    { ...branch, keyword: 'type', message: 'must be integer' },
    { ...branch, keyword: 'type', message: 'must be null' },
    { ...branch, keyword: 'anyOf', message: 'must match a schema in anyOf' },
  ];
  assert.deepEqual(fieldFaults(violations, { discount: true }), [
    { pointer: '/discount', code: 'type', detail: 'must be integer or must be null' },
  ]);
});
