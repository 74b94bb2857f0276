import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { root } from '@order-stream/local-stack/state-folder';
import { createCompiler } from './compiler.ts';
import { findMutants } from './find-mutants.ts';
import { applyMutant, describeMutant } from './mutant.ts';
import { mutateFile, type Tried } from './mutate-file.ts';
import { shuffled } from './shuffled.ts';
import { testsBeside } from './tests-beside.ts';

/** A project with these files, in a folder that is removed after the test. */
function project(t: TestContext, files: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), 'order-stream-mutation-'));
  t.after(() => rmSync(folder, { recursive: true }));
  mkdirSync(join(folder, 'packages/x/src/near'), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  const config = { extends: join(root, 'tsconfig.json'), include: ['packages'] };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config));
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  for (const [name, text] of Object.entries(files))
    writeFileSync(join(folder, 'packages/x/src', name), text);
  return folder;
}

function compilerOf(t: TestContext, folder: string) {
  const compiler = createCompiler(folder);
  t.after(() => compiler.close());
  return compiler;
}

test('each kind of change is found, and the compiler rejects those that a build would', (t) => {
  const text = [
    'export function f(a: number, b: string | undefined, c: boolean): number {',
    '  if (a < 3 && !c) return -a;',
    "  const d = b ?? 'x';",
    '  console.log(d?.length);',
    '  return Math.min(a, d.length);',
    '}',
    '',
  ].join('\n');
  const folder = project(t, { 'f.ts': text });
  const file = join(folder, 'packages/x/src/f.ts');
  const compiler = compilerOf(t, folder);
  const accepted = findMutants(compiler.sourceFile(file)).filter(compiler.accepts);
  assert.deepEqual(
    accepted.map((mutant) => describeMutant(mutant, text)),
    [
      'if (⟦a < 3 && !c → true⟧) return -a;',
      'if (⟦a < 3 && !c → false⟧) return -a;',
      'if (a ⟦< → <=⟧ 3 && !c) return -a;',
      'if (a ⟦< → >=⟧ 3 && !c) return -a;',
      'if (a < ⟦3 → (3 + 1)⟧ && !c) return -a;',
      'if (a < ⟦3 → (3 - 1)⟧ && !c) return -a;',
      'if (a < 3 ⟦&& → ||⟧ !c) return -a;',
      'if (a < 3 && ⟦!c → c⟧) return -a;',
      'if (a < 3 && !c) return ⟦-a → (a)⟧;',
      "const d = ⟦b ?? 'x' → (b)!⟧;",
      "const d = ⟦b ?? 'x' → ('x')⟧;",
      '⟦console.log(d?.length); → ;⟧',
      'console.log(d⟦?. → !.⟧length);',
      'return Math.⟦min → max⟧(a, d.length);',
    ],
  );
  for (const mutant of accepted) assert.notEqual(applyMutant(mutant, text), text);
});

const limit = `/** Whether the sum of 1 to n is within the limit. */
export function isWithin(n: number, limit: number): boolean {
  let sum = 0;
  for (let i = 1; i <= n; i += 1) sum += i;
  return sum <= limit;
}
`;
const weakTest = `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isWithin } from './limit.ts';

test('a sum is compared with the limit', () => {
  assert.equal(isWithin(3, 7), true);
  assert.equal(isWithin(3, 5), false);
});
`;

test('a mutant survives exactly if the tests beside the code do not notice it, and the file stays as it is', async (t) => {
  const folder = project(t, { 'limit.ts': limit, 'limit.test.ts': weakTest });
  const file = join(folder, 'packages/x/src/limit.ts');
  const compiler = compilerOf(t, folder);
  const tried: Tried[] = [];
  const all = { root: folder, compiler, file, sample: Infinity, seed: 1 };
  const tally = await mutateFile(all, (one) => tried.push(one));
  const changes = (outcome: string) =>
    tried.filter((one) => one.outcome === outcome).map(({ line, change }) => `${line} ${change}`);
  assert.deepEqual(changes('passed').sort(), [
    '3 let sum = ⟦0 → (0 + 1)⟧;',
    '4 for (let i = ⟦1 → (1 - 1)⟧; i <= n; i += 1) sum += i;',
    '5 return sum ⟦<= → <⟧ limit;',
  ]);
  assert.deepEqual(changes('timeout').sort(), [
    '4 for (let i = 1; i <= n; i += ⟦1 → (1 - 1)⟧) sum += i;',
    '4 for (let i = 1; i <= n; i ⟦+= → -=⟧ 1) sum += i;',
  ]);
  assert.equal(tally.survived, 3);
  assert.equal(tally.timeouts, 2);
  assert.equal(tally.killed + tally.survived, tried.length);
  assert.equal(tally.untried, 0);
  assert.equal(readFileSync(file, 'utf8'), limit);

  const few = await mutateFile({ ...all, line: 5, sample: 1 }, ({ line }) => assert.equal(line, 5));
  assert.equal(few.killed + few.survived, 1);
  assert.ok(few.untried > 0);
});

test('tests that fail without a mutant, or that do not exist, are an error', async (t) => {
  const failing = weakTest.replace('3, 7', '3, 4');
  const folder = project(t, { 'limit.ts': limit, 'limit.test.ts': failing, 'alone.ts': limit });
  const compiler = compilerOf(t, folder);
  const file = (name: string) => join(folder, 'packages/x/src', name);
  const run = (name: string) =>
    mutateFile({ root: folder, compiler, file: file(name), sample: 1, seed: 1 }, () => undefined);
  await assert.rejects(run('limit.ts'), /limit\.test\.ts: failed without a mutant/);
  await assert.rejects(run('alone.ts'), /alone\.ts: expected tests beside it, found none/);
});

test('the tests beside a file are its own, then those that import it through at most one file', (t) => {
  const folder = project(t, {
    'a.ts': 'export const a = 1;',
    'a.test.ts': "import { a } from './a.ts';",
    'b.ts': "import { a } from './a.ts';",
    'b.test.ts': "import './b.ts';",
    'c.ts': "import './b.ts';",
    'c.test.ts': "import './c.ts';",
    'near/d.test.ts': "await import('../a.ts');",
  });
  const source = (name: string) => join(folder, 'packages/x/src', name);
  assert.deepEqual(testsBeside(folder, source('a.ts')), {
    own: [source('a.test.ts')],
    others: [source('near/d.test.ts'), source('b.test.ts')],
  });
});

test('a seed gives the same order each time, and another seed another order', () => {
  const values = Array.from({ length: 50 }, (_, index) => index);
  assert.deepEqual(shuffled(values, 3), shuffled(values, 3));
  assert.notDeepEqual(shuffled(values, 3), shuffled(values, 4));
  assert.deepEqual(
    shuffled(values, 3).sort((a, b) => a - b),
    values,
  );
});
