import assert from 'node:assert/strict';
import { test } from 'node:test';
import { resolveAsJava, resolveUri } from './uri-reference.ts';

test('references are resolved as RFC 3986 prescribes (section 5.4)', () => {
  const base = 'http://a/b/c/d;p?q';
  for (const [reference, expected] of Object.entries({
    'g:h': 'g:h',
    g: 'http://a/b/c/g',
    './g': 'http://a/b/c/g',
    'g/': 'http://a/b/c/g/',
    '/g': 'http://a/g',
    '//g': 'http://g',
    '?y': 'http://a/b/c/d;p?y',
    'g?y': 'http://a/b/c/g?y',
    '#s': 'http://a/b/c/d;p?q#s',
    'g?y#s': 'http://a/b/c/g?y#s',
    '': 'http://a/b/c/d;p?q',
    '.': 'http://a/b/c/',
    './': 'http://a/b/c/',
    '..': 'http://a/b/',
    '../g': 'http://a/b/g',
    '../..': 'http://a/',
    '../../g': 'http://a/g',
    '../../../g': 'http://a/g',
    '/./g': 'http://a/g',
    'g..': 'http://a/b/c/g..',
    './g/.': 'http://a/b/c/g/',
    'g/../h': 'http://a/b/c/h',
    'g?y/./x': 'http://a/b/c/g?y/./x',
    'g#s/../x': 'http://a/b/c/g#s/../x',
  })) {
    assert.equal(resolveUri(base, reference), expected, reference);
  }
  assert.equal(resolveAsJava(base, '?y'), 'http://a/b/c/?y');
});

test('a base may be empty, relative or a URN', () => {
  for (const [base, reference, expected] of [
    ['', 'a/../b#c', 'a/../b#c'],
    ['a.json', 'b.json#/x', 'b.json#/x'],
    ['x/a.json#', 'b.json', 'x/b.json'],
    ['x/a.json', '../../b.json', '../b.json'],
    ['a.json#b', '#c', 'a.json#c'],
    ['http://a', 'b', 'http://a/b'],
    ['urn:order', '#/definitions/a', 'urn:order#/definitions/a'],
    ['urn:order', 'b.json', 'b.json'],
  ] as const) {
    assert.equal(resolveUri(base, reference), expected, `${base} ${reference}`);
  }
});
