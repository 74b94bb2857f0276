import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UsageError } from '@order-stream/command-line';
import { memberAt, pointerNames } from './json-pointer.ts';
import { keyFilter, memberFilter } from './record-filter.ts';

const value = (of: unknown) => ({ kind: 'value', value: of }) as const;
const text = (of: string) => ({ kind: 'text', text: of }) as const;

test('a JSON pointer leads to own members only', () => {
  const inner = { 'a/b': { '~': [10, { c: null }] } };
  const at = (pointer: string) => memberAt(inner, pointerNames(pointer) as string[]);
  assert.equal(at(''), inner);
  assert.equal(at('/a~1b/~0/0'), 10);
  assert.equal(at('/a~1b/~0/1/c'), null);
  for (const missing of ['/a', '/a~1b/~0/2', '/a~1b/~0/length', '/a~1b/~0/00', '/constructor'])
    assert.equal(at(missing), undefined, missing);
  for (const wrong of ['a', '/~', '/~2']) assert.equal(pointerNames(wrong), undefined, wrong);
});

test('a member is compared as text or as it is printed, with every digit', () => {
  const order = value({ id: 2n ** 53n + 1n, user: 'ann', on: true, no: null, list: [{ n: 1 }] });
  for (const accepted of [
    '/id=9007199254740993',
    '/user=ann',
    '/on=true',
    '/no=null',
    '/list=[{"n":1}]',
    '/list/0/n=1',
  ])
    assert.ok(memberFilter('--field', accepted)(order), accepted);
  for (const refused of ['/id=9007199254740992', '/user=an', '/user="an"', '/other=null'])
    assert.ok(!memberFilter('--field', refused)(order), refused);
  assert.ok(memberFilter('--field', '/a=b=c')(value({ a: 'b=c' })));
  assert.ok(!memberFilter('--field', '/a=b')({ kind: 'null' }));
});

test('a filter without a pointer or a value is wrong usage', () => {
  for (const wrong of ['user=ann', '/user', '', '/~=1'])
    assert.throws(() => memberFilter('--field', wrong), UsageError, wrong);
});

test('a key is compared whole, or by a member of its JSON', () => {
  const key = text('{"order_id": "a", "n": 9007199254740993}');
  assert.ok(keyFilter('--key', key.text)(key));
  assert.ok(keyFilter('--key', '/order_id=a')(key));
  assert.ok(keyFilter('--key', '/n=9007199254740993')(key));
  assert.ok(!keyFilter('--key', 'a')(key));
  assert.ok(keyFilter('--key', '/path')(text('/path')));
  assert.ok(!keyFilter('--key', '/a=b')(text('not JSON')));
});
