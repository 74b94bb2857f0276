import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { mergedJars, PluginRejectedError, readChecksums, verifiedJars } from './plugin-jars.ts';

const sumOf = (text: string) => createHash('sha256').update(text).digest('hex');

/** A folder with files of these paths and contents. */
function folderWith(context: TestContext, files: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), 'plugin-jars-'));
  context.after(() => rmSync(folder, { recursive: true }));
  mkdirSync(join(folder, 'lib'));
  for (const [path, content] of Object.entries(files)) writeFileSync(join(folder, path), content);
  return folder;
}

test('S2-13 a plugin has exactly the listed jars, each with its checksum', (context) => {
  const folder = folderWith(context, { 'a.jar': 'A', 'lib/b.jar': 'B', 'README.txt': 'no jar' });
  const both = new Map([
    ['a.jar', sumOf('A')],
    ['b.jar', sumOf('B')],
  ]);
  assert.deepEqual(
    verifiedJars(folder, both).map(({ name, content }) => [name, String(content)]),
    [
      ['a.jar', 'A'],
      ['b.jar', 'B'],
    ],
  );
  const wrong: [Map<string, string>, RegExp][] = [
    [new Map([...both, ['c.jar', sumOf('C')]]), /c\.jar is missing/],
    [new Map([['a.jar', sumOf('A')]]), /b\.jar is not in the checksums/],
    [new Map([...both, ['b.jar', sumOf('other')]]), /b\.jar has [0-9a-f]{64}, expected/],
  ];
  for (const [checksums, message] of wrong)
    assert.throws(
      () => verifiedJars(folder, checksums),
      (error) => error instanceof PluginRejectedError && message.test(error.message),
    );
});

test('S2-13 jars of connector and converter are together; equal jars are taken once and different ones with one name rejected', () => {
  const jar = (name: string, text: string) => ({ name, content: Buffer.from(text) });
  assert.deepEqual(
    mergedJars([
      [jar('b.jar', 'B'), jar('x.jar', 'X')],
      [jar('a.jar', 'A'), jar('x.jar', 'X')],
    ]).map(({ name }) => name),
    ['a.jar', 'b.jar', 'x.jar'],
  );
  assert.throws(() => mergedJars([[jar('x.jar', 'X')], [jar('x.jar', 'Y')]]), PluginRejectedError);
});

test('checksums are read as sha256sum writes them', (context) => {
  const folder = folderWith(context, {
    sums: `${sumOf('A')}  lib/a.jar\n${sumOf('B')} *b.jar\n`,
    bad: 'abc a.jar\n',
  });
  assert.deepEqual(
    [...readChecksums(join(folder, 'sums'))],
    [
      ['lib/a.jar', sumOf('A')],
      ['b.jar', sumOf('B')],
    ],
  );
  assert.throws(() => readChecksums(join(folder, 'bad')), PluginRejectedError);
});
