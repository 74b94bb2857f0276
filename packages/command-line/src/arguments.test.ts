import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseArguments, readArguments, UsageError, wholeNumber } from './arguments.ts';

const options = {
  port: { type: 'string' },
  label: { type: 'string', multiple: true },
  json: { type: 'boolean', default: false },
} as const;

test('flags and words are read in any order, a value after a space or an equals sign', () => {
  const { words, flags, faults } = readArguments(
    ['a', '--port', '-5', '--label=x', '--no-json', 'b', '--label', 'y', '--', '--c'],
    options,
  );
  assert.deepEqual(words, ['a', 'b', '--c']);
  assert.deepEqual({ ...flags }, { port: '-5', label: ['x', 'y'], json: false });
  assert.deepEqual(faults, []);
});

test('every wrong flag is reported', () => {
  const argv = [
    '--toString',
    '--json=yes',
    '--label=',
    '--port=--x',
    '--port',
    '--json',
    '--label',
  ];
  assert.deepEqual(readArguments(argv, options).faults, [
    '--toString: unknown flag',
    '--json: takes no value',
    '--label: a value is missing',
    '--port: a value is missing',
    '--label: a value is missing',
  ]);
});

test('too few and too many words are wrong', () => {
  const words = { min: 1, max: 2, expected: 'one or two files' };
  assert.deepEqual(parseArguments(['a', 'b'], options, words).words, ['a', 'b']);
  for (const [argv, message] of [
    [[], 'expected one or two files'],
    [['a', 'b', 'c'], "unexpected argument 'c'"],
    [['--colour', 'red', '--port'], '--colour: unknown flag; --port: a value is missing'],
  ] as const) {
    assert.throws(() => parseArguments([...argv], options, words), new UsageError(message));
  }
  assert.throws(() => parseArguments(['a'], options), new UsageError("unexpected argument 'a'"));
});

test('a whole number is digits alone, within its limits, which are included', () => {
  const range = { min: 1, max: 10 };
  assert.deepEqual(
    ['1', '10'].map((text) => wholeNumber('--n', text, range)),
    [1, 10],
  );
  for (const text of ['0', '11', '-1', '1.5', '1e1', '', ' 1'])
    assert.throws(
      () => wholeNumber('--n', text, range),
      new UsageError(`--n must be a whole number from 1 to 10, not '${text}'`),
    );
  assert.throws(() => wholeNumber('--n', '0', { min: 1 }), /of at least 1, not '0'/);
  assert.throws(() => wholeNumber('--n', '9007199254740992', { min: 1 }), UsageError);
});
