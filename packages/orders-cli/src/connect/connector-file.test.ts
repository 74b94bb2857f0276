import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConnectorFileError, connectorOf, readConnectorFiles } from './connector-file.ts';

test('the values of a connector are the texts of the file, with every digit', () => {
  const text =
    '{"name":"a","config":{"connector.class":"C","big":12345678901234567890,"x":1.50,"on":true}}';
  const connector = connectorOf(text);
  assert.ok(!Array.isArray(connector));
  assert.deepEqual(Object.fromEntries(connector.config), {
    ...{ 'connector.class': 'C', big: '12345678901234567890', x: '1.50', on: 'true', name: 'a' },
  });
});

test('each fault of a file is named by its place, without values', () => {
  const table: [unknown, string[]][] = [
    ['', ['expected JSON']],
    [[], ['expected an object with the members name and config']],
    [{ name: 'a', config: 'C' }, ['/config: expected an object']],
    [{ name: 'a', config: {} }, ['/config/connector.class: is required']],
    [
      { name: 'a/b', config: { 'connector.class': 'C', x: null, y: {} }, password: 'geheim' },
      [
        '/password: expected only name and config',
        '/name: expected a text that is not empty and has no slash',
        '/config/x: expected a text, a number or a boolean',
        '/config/y: expected a text, a number or a boolean',
      ],
    ],
    [
      { name: 'a', config: { 'connector.class': 'C', name: 'b' } },
      ['/config/name: expected the same as /name'],
    ],
  ];
  for (const [document, faults] of table)
    assert.deepEqual(
      connectorOf(document === '' ? '{"a": geheim}' : JSON.stringify(document)),
      faults,
    );
});

test('all files are read before a fault is reported', () => {
  assert.throws(
    () => readConnectorFiles(['/nowhere/a.json', import.meta.filename]),
    (error) => error instanceof ConnectorFileError && error.lines.length === 2,
  );
});
