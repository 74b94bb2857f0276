import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createFakeTerminal } from '../testing/fake-terminal.ts';
import { confirm } from './confirm.ts';
import { StoppedError } from './stopped-error.ts';
import { askLine } from './terminal-line.ts';

const hidden = { isHidden: true };

test('S2-11 a hidden answer is returned exactly and never shown, however its bytes arrive', async () => {
  const texts = fc.string({ unit: 'binary', minLength: 4 }).filter((text) => !/\p{Cc}/u.test(text));
  await fc.assert(
    fc.asyncProperty(texts, fc.integer({ min: 1, max: 3 }), async (text, size) => {
      const { terminal, type, seen, isRaw } = createFakeTerminal();
      const answer = askLine('Password: ', hidden, terminal);
      assert.ok(isRaw());
      const bytes = Buffer.from(`${text}\r`);
      for (let at = 0; at < bytes.length; at += size) type(bytes.subarray(at, at + size));
      // Lone surrogates are no text of a terminal.
      assert.equal(await answer, Buffer.from(text).toString());
      assert.deepEqual([seen.stdout, seen.stderr, isRaw()], ['', 'Password: \n', false]);
    }),
  );
});

test('a shown answer is echoed with its corrections', async () => {
  const { terminal, type, seen } = createFakeTerminal();
  const answer = askLine('Name: ', { isHidden: false }, terminal);
  type('Ax\u007f☕\u007f\u001b[A\u001bOda\n');
  assert.equal(await answer, 'Ada');
  assert.equal(seen.stderr, 'Name: Ax\b \b☕\b \bda\n');
});

test('Ctrl-U clears the line; Ctrl-D ends the input on an empty line alone', async () => {
  for (const [keys, expected] of [
    ['abc\u0015d\r', 'd'],
    ['a\u0004b\r', 'ab'],
    ['\u0004', undefined],
    ['a\u007f\u007f\u0004', undefined],
  ] as const) {
    const { terminal, type } = createFakeTerminal();
    const answer = askLine('', hidden, terminal);
    type(keys);
    assert.equal(await answer, expected);
  }
});

test('Ctrl-C and a signal end the question, and the terminal is as before', async () => {
  for (const end of ['key', 'signal', 'early signal']) {
    const { terminal, type, isRaw, stop } = createFakeTerminal();
    if (end === 'early signal') stop();
    const answer = askLine('Password: ', hidden, terminal);
    if (end === 'key') type('abc\u0003');
    if (end === 'signal') stop();
    await assert.rejects(answer, StoppedError);
    assert.equal(isRaw(), false);
  }
});

test('keys typed ahead answer the next question', async () => {
  const { terminal, type } = createFakeTerminal();
  type('secret\ryes\r');
  assert.equal(await askLine('Password: ', hidden, terminal), 'secret');
  assert.equal(await confirm('Create?', terminal), true);
});

test('only y and yes confirm, and without a terminal nothing does', async () => {
  for (const [keys, expected] of [
    ['y\r', true],
    [' YES \r', true],
    ['\r', false],
    ['yo\r', false],
    ['\u0004', false],
  ] as const) {
    const { terminal, type } = createFakeTerminal();
    type(keys);
    assert.equal(await confirm('Create?', terminal), expected, keys);
  }
  const { stdin: _, ...terminal } = createFakeTerminal().terminal;
  assert.equal(await confirm('Create?', terminal), false);
});
