import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseAvro } from '../avro/schema/parse-avro.ts';
import { findIncompatibilities } from './reader-writer.ts';

const record = (name: string, ...fields: object[]) => ({ type: 'record', name, fields });

function compare(reader: unknown, writer: unknown) {
  return findIncompatibilities(
    parseAvro(JSON.stringify(reader)),
    parseAvro(JSON.stringify(writer)),
  ).map(({ type, location, message }) => `${type} ${location} ${message}`);
}

test('a recursive schema is compared completely', () => {
  const list = (...fields: object[]) =>
    record('List', { name: 'next', type: ['null', 'List'], default: null }, ...fields);
  assert.deepEqual(compare(list(), list({ name: 'value', type: 'int' })), []);
  assert.deepEqual(compare(list({ name: 'value', type: 'int' }), list()), [
    'READER_FIELD_MISSING_DEFAULT_VALUE /fields/1 value',
  ]);
});

test('a record may change its namespace, but needs an alias to change its name', () => {
  const named = (name: string, rest = {}) => ({ ...record(name), ...rest });
  assert.deepEqual(compare(named('a.Order'), named('b.Order')), []);
  assert.deepEqual(compare(named('a.Order'), named('a.Purchase')), [
    'NAME_MISMATCH /name expected: a.Purchase',
  ]);
  assert.deepEqual(compare(named('a.Order', { aliases: ['Purchase'] }), named('a.Purchase')), []);
});

test('a reader field whose name and alias both exist in the writer is an incompatibility', () => {
  const reader = record('R', { name: 'a', aliases: ['b'], type: 'int' });
  const writer = record('R', { name: 'a', type: 'int' }, { name: 'b', type: 'int' });
  assert.deepEqual(compare(reader, writer), ['AMBIGUOUS_FIELD /fields/0 a has several sources']);
});

test('the default of an enum does not replace the default of a missing field', () => {
  const status = { type: 'enum', name: 'Status', symbols: ['OPEN'], default: 'OPEN' };
  assert.deepEqual(compare(record('R', { name: 'status', type: status }), record('R')), [
    'TYPE_MISMATCH /fields/0/type reader type: ENUM not compatible with writer type: RECORD',
  ]);
});

test('types used twice at every level are compared in bounded time and space', () => {
  const tower = (leaf: string) =>
    Array.from({ length: 60 }).reduce<object | string>(
      (below, _unused, level) =>
        record(`L${level}`, { name: 'left', type: below }, { name: 'right', type: nameOf(below) }),
      leaf,
    );
  const nameOf = (type: object | string) => (typeof type === 'string' ? type : nameIn(type));
  const found = compare(tower('int'), tower('string'));
  assert.ok(found.length >= 1 && found.length <= 1000);
});

function nameIn(type: object): string {
  return 'name' in type ? String(type.name) : '';
}
