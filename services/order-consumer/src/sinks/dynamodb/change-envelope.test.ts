import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseAvro } from '@order-stream/serde';
import fc from 'fast-check';
import { compileAvroEnvelope, jsonEnvelope } from './change-envelope.ts';

interface Definition {
  [name: string]: unknown;
  fields: { name: string; type: unknown }[];
}

const source = { type: 'record', name: 'Source', fields: [{ name: 'ts_ms', type: 'long' }] };
const row = { type: 'record', name: 'Value', fields: [{ name: 'id', type: 'int' }] };
const definition: Definition = {
  type: 'record',
  name: 'Envelope',
  namespace: 'ord.ods.t',
  'connect.name': 'ord.ods.t.Envelope',
  fields: [
    { name: 'before', type: ['null', row] },
    { name: 'after', type: ['null', 'Value'] },
    { name: 'source', type: source },
    { name: 'op', type: 'string' },
  ],
};
const compile = (one: unknown) => compileAvroEnvelope(parseAvro(JSON.stringify(one)));
const withField = (name: string, type: unknown): Definition => ({
  ...definition,
  fields: definition.fields.map((field) => (field.name === name ? { name, type } : field)),
});

test('S2-05 an Avro envelope gives its operation and its rows', () => {
  const envelope = compile(definition)?.({ op: 'u', before: null, after: { id: 7 } });
  assert.equal(envelope?.op, 'u');
  assert.equal(envelope?.row('before'), undefined);
  assert.deepEqual(envelope?.row('after')?.values, { id: 7 });
});

test('S2-05 an Avro record that only resembles an envelope is not one', () => {
  const { 'connect.name': _, ...unnamed } = definition;
  const others: unknown[] = [
    unnamed,
    { ...definition, 'connect.name': 'ord.ods.t.Value' },
    { ...definition, 'connect.name': 7 },
    withField('op', 'int'),
    withField('source', 'string'),
    // MongoDB's rows are JSON text.
    withField('after', ['null', 'string']),
    withField('after', 'Value'),
    withField('after', ['null', 'Value', 'string']),
    ...definition.fields.map(({ name }) => ({
      ...definition,
      fields: [{ name: 'row', type: row }].concat(
        // A reference to the row needs its definition before it.
        definition.fields
          .filter((field) => field.name !== name)
          .map((field) =>
            field.name === 'before' ? { ...field, type: ['null', 'Value'] } : field,
          ) as never,
      ),
    })),
    'string',
    row,
  ];
  for (const one of others) assert.equal(compile(one), undefined, JSON.stringify(one));
});

test('S2-05 a message of the database is an envelope without rows', () => {
  const message = { type: 'record', name: 'Block', fields: [{ name: 'prefix', type: 'string' }] };
  const one = {
    type: 'record',
    name: 'MessageValue',
    'connect.name': 'io.debezium.connector.postgresql.MessageValue',
    fields: [
      { name: 'op', type: 'string' },
      { name: 'source', type: source },
      { name: 'message', type: message },
    ],
  };
  const envelope = compile(one)?.({ op: 'm', source: { ts_ms: 1 }, message: { prefix: 'a' } });
  assert.deepEqual([envelope?.op, envelope?.row('after')], ['m', undefined]);
});

const event = {
  op: 'u',
  before: null,
  after: { id: 7 },
  source: { version: '3.6.1.Final', connector: 'mysql', name: 'fullfillment', ts_ms: 1 },
};

test('S2-05 a JSON envelope gives its operation and its rows', () => {
  for (const op of ['c', 'u', 'd', 'r', 't']) {
    const envelope = jsonEnvelope({ ...event, op });
    assert.equal(envelope?.op, op);
    assert.equal(envelope?.row('before'), undefined);
    assert.deepEqual(envelope?.row('after')?.values, { id: 7 });
  }
  const message = jsonEnvelope({ op: 'm', source: event.source, message: { prefix: 'a' } });
  assert.deepEqual([message?.op, message?.row('after')], ['m', undefined]);
});

test('S2-05 a JSON value that only resembles an envelope is not one', () => {
  const { name: _, ...nameless } = event.source;
  const others = [
    { after: { id: 7 } },
    { before: null, after: { id: 7 } },
    { op: 'u', after: { id: 7 } },
    { op: 'u', before: null, after: { id: 7 } },
    { ...event, op: 'x' },
    { ...event, op: 'm' },
    { ...event, op: undefined },
    { ...event, op: ['u'] },
    { ...event, after: 'text' },
    { ...event, after: [] },
    { ...event, source: nameless },
    { ...event, source: { ...event.source, connector: 5 } },
    { ...event, source: null },
    ...(['op', 'before', 'after', 'source'] as const).map((member) => {
      const { [member]: _, ...rest } = event;
      return rest;
    }),
    [event],
    null,
    'text',
  ];
  for (const one of others) assert.equal(jsonEnvelope(one), undefined, JSON.stringify(one));
  fc.assert(fc.property(fc.jsonValue(), (value) => jsonEnvelope(value) === undefined));
});
