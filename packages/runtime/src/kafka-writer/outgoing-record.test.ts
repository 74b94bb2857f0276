import assert from 'node:assert/strict';
import { test } from 'node:test';
import { recordBytes } from './outgoing-record.ts';

const timestampMs = 0;

test('a record’s size counts key, value, and the name and value of each header', () => {
  assert.equal(recordBytes({ key: null, value: null, timestampMs }), 40);
  const key = Buffer.alloc(100);
  assert.equal(recordBytes({ key, value: Buffer.alloc(1_000), timestampMs }), 1_140);
  const headers = { abc: 'äö', de: Buffer.alloc(7), f: undefined };
  assert.equal(recordBytes({ key: null, value: null, headers, timestampMs }), 40 + 17 + 19 + 11);
});

test('each of several headers with one name counts', () => {
  const headers = { ab: [Buffer.alloc(5), 'xyz'] };
  assert.equal(recordBytes({ key: null, value: null, headers, timestampMs }), 40 + 17 + 15);
});
