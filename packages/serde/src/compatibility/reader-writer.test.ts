import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AvroSchema } from '../avro/schema/model.ts';
import { parseAvro } from '../avro/schema/parse-avro.ts';
import type { ComparisonWork } from './comparison-work.ts';
import { createFaultPrinter, type Fault, printFault } from './fault.ts';
import { findIncompatibilities } from './reader-writer.ts';

const record = (name: string, ...fields: object[]) => ({ type: 'record', name, fields });

function compare(reader: unknown, writer: unknown) {
  const found = findIncompatibilities(
    parseAvro(JSON.stringify(reader)),
    parseAvro(JSON.stringify(writer)),
  );
  return createFaultPrinter()(found).map(
    ({ type, location, message }) => `${type} ${location} ${message}`,
  );
}

test('a recursive schema is compared completely', () => {
  const list = (...fields: object[]) =>
    record('List', { name: 'next', type: ['null', 'List'], default: null }, ...fields);
  assert.deepEqual(compare(list(), list({ name: 'value', type: 'int' })), []);
  assert.deepEqual(compare(list({ name: 'value', type: 'int' }), list()), [
    'READER_FIELD_MISSING_DEFAULT_VALUE /fields/1 value',
  ]);
});

test('a pair of records in progress counts as compatible, also in a union whose branch has another name', () => {
  const reader = record('A', { name: 'next', type: ['null', 'A'] });
  const writer = record('B', { name: 'next', type: 'B' });
  assert.deepEqual(compare(reader, writer), ['NAME_MISMATCH /name expected: B']);
});

test('the faults of a pair have the place where a union tried the pair first', () => {
  const part = (name: string) => record(name, { name: 'a', type: 'int' });
  const reader = record(
    'R',
    { name: 'either', type: [part('A'), part('B')] },
    { name: 'one', type: 'A' },
  );
  const writer = record('R', { name: 'either', type: part('B') }, { name: 'one', type: 'B' });
  assert.deepEqual(compare(reader, writer), ['NAME_MISMATCH /name expected: B']);
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

/** Records each of which refers to the next, and the last to the first. Each has a namespace of its own. */
function cycle(length: number, name: (index: number) => string, rest: object[] = []) {
  const recordAt = (index: number): object | string =>
    index === length
      ? `n0.${name(0)}`
      : record(`n${index}.${name(index)}`, { name: 'next', type: recordAt(index + 1) }, ...rest);
  return recordAt(0);
}

function workOf(reader: unknown, writer: unknown, limits?: ComparisonWork) {
  const work = { pairs: 0, steps: 0 };
  const [one, other] = [reader, writer].map((schema) => parseAvro(JSON.stringify(schema))) as [
    AvroSchema,
    AvroSchema,
  ];
  return { faults: findIncompatibilities(one, other, limits, work), work };
}

test('cycles are compared as far as the limit of pairs, and no pair twice', () => {
  const same = () => 'R';
  const { faults, work } = workOf(cycle(97, same), cycle(89, same));
  assert.deepEqual([faults, work.pairs], [[], 97 * 89]);
  assert.ok(work.steps <= 3 * work.pairs, `${work.steps} steps`);
  const limits = { pairs: 97 * 89 - 1, steps: 1_000_000 };
  for (const beyond of [
    workOf(cycle(97, same), cycle(89, same), limits),
    workOf(cycle(300, same), cycle(299, same)),
    workOf(cycle(97, same), cycle(89, same), { pairs: 50_000, steps: 100 }),
  ]) {
    assert.deepEqual(
      beyond.faults.map(({ type }) => type),
      ['TOO_COMPLEX'],
    );
    assert.ok(beyond.work.pairs <= 50_001);
  }
});

test('the faults of cycles are the first 1000, and their printed texts are limited', () => {
  const [reader, writer] = [cycle(97, (index) => `A${index}`), cycle(89, (index) => `B${index}`)];
  const { faults } = workOf(reader, writer);
  assert.equal(faults.length, 1000);
  const printed = createFaultPrinter()(faults);
  const characters = JSON.stringify(printed).length;
  assert.ok(printed.length > 20 && characters < 1_200_000, `${characters} characters`);
  assert.equal(printed[2]?.readerLocation, '/fields/0/type/fields/0/type/name');
  // A path that goes round a cycle for too long leads to a part around the place.
  const last = printFault(faults[999] as Fault);
  assert.ok(last.readerLocation.length <= 10_010, `${last.readerLocation.length} characters`);
  assert.ok(last.readerLocation.startsWith('/fields/0/type/fields/0'));
});

test('a printer prints the first fault of each question, whatever the earlier ones took', () => {
  const { faults } = workOf(record('A', { name: 'a', type: 'int' }), record('B'));
  const print = createFaultPrinter(10);
  assert.deepEqual(
    [faults, faults, []].map((these) => print(these).map(({ type }) => type)),
    [['NAME_MISMATCH'], ['NAME_MISMATCH'], []],
  );
});

test('the work for a union grows with its branches, not with their pairs', () => {
  const union = (prefix: string, count: number, type: string) =>
    Array.from({ length: count }, (_, index) =>
      record(`${prefix}${index}`, { name: 'a', type }, { name: 'b', type }),
    );
  for (const [reader, writer, type] of [
    [union('A', 2200, 'int'), union('B', 2200, 'int'), 'MISSING_UNION_BRANCH'],
    [union('A', 2200, 'string'), union('A', 2200, 'int'), 'MISSING_UNION_BRANCH'],
    [union('A', 2200, 'long'), union('A', 2200, 'int'), undefined],
  ] as const) {
    const { faults, work } = workOf(reader, writer);
    assert.equal(faults[0]?.type, type);
    assert.ok(work.steps <= 8 * 2200, `${work.steps} steps`);
  }
});

test('a union finds its branch by an alias, and for a type without a name by the type', () => {
  const reader = [
    'null',
    'long',
    { type: 'array', items: 'string' },
    { ...record('R', { name: 'a', type: 'string' }), namespace: 'n' },
    { ...record('New', { name: 'a', type: 'int' }), aliases: ['n.Old'] },
    { type: 'enum', name: 'E', symbols: ['A'] },
  ];
  // Trying the branches in turn is beyond a fifth of these.
  const few = { pairs: 4, steps: 1000 };
  for (const readable of [
    'null',
    'int',
    { type: 'array', items: 'bytes' },
    record('n.Old', { name: 'a', type: 'int' }),
    record('m.R', { name: 'a', type: 'string' }),
    { type: 'enum', name: 'm.E', symbols: ['A'] },
  ]) {
    for (const writer of [readable, [readable]]) {
      assert.deepEqual(compare(reader, writer), [], JSON.stringify(writer));
      assert.deepEqual(workOf(reader, writer, few).faults, [], JSON.stringify(writer));
    }
  }
  const missing = 'MISSING_UNION_BRANCH';
  for (const [unreadable, type] of [
    [record('Old', { name: 'a', type: 'int' }), 'RECORD'],
    [{ type: 'enum', name: 'R', symbols: ['A'] }, 'ENUM'],
    [{ type: 'map', values: 'int' }, 'MAP'],
  ] as const) {
    const { faults, work } = workOf(reader, unreadable, few);
    assert.deepEqual([faults.map((fault) => fault.type), work.pairs < 4], [[missing], true]);
    assert.deepEqual(compare(reader, unreadable), [
      `${missing} / reader union lacking writer type: ${type}`,
    ]);
  }
});

function nameIn(type: object): string {
  return 'name' in type ? String(type.name) : '';
}
