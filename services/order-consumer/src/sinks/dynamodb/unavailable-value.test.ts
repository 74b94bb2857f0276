import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isUnavailable } from './unavailable-value.ts';

const placeholder = '__debezium_unavailable_value';
const bytes = Buffer.from(placeholder);

test('S2-05 the placeholder of an unchanged TOAST column is recognised in the type of each column', () => {
  const values: [string, unknown][] = [
    ['text, json, xml', placeholder],
    ['bytea', bytes],
    ['bytea in JSON', bytes.toString('base64')],
    ['text[]', [placeholder]],
    ['bytea[]', [bytes]],
    ['int[]', [...bytes]],
    // As Java's UUID.nameUUIDFromBytes.
    ['uuid[]', ['b68a35a7-17ad-35b3-af2a-ae46edb4545a']],
    ['hstore', { [placeholder]: placeholder }],
    ['hstore as JSON', `{"${placeholder}":"${placeholder}"}`],
  ];
  for (const [type, value] of values) assert.equal(isUnavailable(value), true, type);
});

test('S2-05 other values are available', () => {
  for (const value of [
    null,
    undefined,
    '',
    5,
    5n,
    true,
    [],
    {},
    Buffer.of(),
    `${placeholder} `,
    [placeholder, placeholder],
    [[placeholder]],
    [...bytes].reverse(),
    [...bytes, 0],
    { other: placeholder },
    Buffer.from(`${placeholder}.`),
  ])
    assert.equal(isUnavailable(value), false);
});
