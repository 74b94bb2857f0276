import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ColumnType, signedInteger, type TableColumn } from './column-type.ts';
import { rowLine } from './row-line.ts';

test('integers have all their digits, decimals, times and documents are the text of the database', () => {
  const types: Record<string, ColumnType> = {
    id: signedInteger(64),
    amount: { kind: 'decimal', digits: 18, scale: 4 },
    is_gift: { kind: 'boolean' },
    details: { kind: 'json' },
    at: { kind: 'timestamp' },
    note: { kind: 'text', maxLength: 200 },
  };
  const columns: TableColumn[] = Object.entries(types).map(([name, type]) => ({
    ...{ name, type, isNullable: true, hasDefault: false },
  }));
  const row = { id: '9007199254740993', amount: '0.0001', is_gift: 't', details: '{"a": 1}' };
  assert.equal(
    rowLine(columns, { ...row, at: '2026-02-01 12:00:00.000001+00', note: null }),
    '{"id":9007199254740993,"amount":"0.0001","is_gift":true,"details":"{\\"a\\": 1}",' +
      '"at":"2026-02-01 12:00:00.000001+00","note":null}',
  );
});
