import assert from 'node:assert/strict';
import { test } from 'node:test';
import { validationOf } from './connector-validation.ts';

test('a property that the connector does not check has no faults', () => {
  const value = { name: 'database.hostname', errors: ['required', 'required'] };
  const { faults, passwords } = validationOf({
    error_count: 1,
    configs: [
      { definition: { type: 'BOOLEAN' }, value: null },
      { definition: { type: 'PASSWORD' }, value },
    ],
  });
  assert.deepEqual(faults, [{ property: 'database.hostname', message: 'required' }]);
  assert.deepEqual([...passwords], ['database.hostname']);
});
