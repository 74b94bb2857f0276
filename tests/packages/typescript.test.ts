import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { root } from '@order-stream/local-stack/state-folder';
import { everyFormatInTypeScript } from './every-format.ts';
import { installedPackages } from './installed-packages.ts';
import { outcomeOf, run } from './run-command.ts';

const typescript5 = join(import.meta.dirname, 'node_modules/typescript-5/bin/tsc');
const typescript7 = join(root, 'node_modules/typescript/bin/tsc');

interface Way {
  compiler: string;
  options: object;
  /** The kinds of source file: `.cts` is CommonJS, `.mts` an ES module, and `.ts` what the options say. */
  kinds: ('ts' | 'cts' | 'mts')[];
  /** Whether Node can run what the compiler writes. Otherwise it is for bundlers. */
  runs: boolean;
}

const ways: Record<string, Way> = {
  'node10 (TypeScript 5)': {
    compiler: typescript5,
    // pino, a dependency of fastify, requires esModuleInterop.
    options: { module: 'commonjs', moduleResolution: 'node10', esModuleInterop: true },
    ...{ kinds: ['ts'], runs: true },
  },
  'node16 from CommonJS and from an ES module (TypeScript 5)': {
    compiler: typescript5,
    options: { module: 'node16' },
    ...{ kinds: ['cts', 'mts'], runs: true },
  },
  'nodenext from CommonJS and from an ES module (TypeScript 7)': {
    compiler: typescript7,
    options: { module: 'nodenext' },
    ...{ kinds: ['cts', 'mts'], runs: true },
  },
  'bundler (TypeScript 7)': {
    compiler: typescript7,
    options: { module: 'esnext', moduleResolution: 'bundler' },
    ...{ kinds: ['ts'], runs: false },
  },
};

let folder: string;
before(async () => {
  folder = join((await installedPackages()).folder, 'typescript');
  mkdirSync(folder, { recursive: true });
});

const strict = {
  ...{ strict: true, exactOptionalPropertyTypes: true, skipLibCheck: false },
  ...{ target: 'es2022', lib: ['es2023'], types: ['node'] },
};

const wrong = `import { createSerializer } from '@order-stream/serde';
createSerializer({ registry: 5 });
export {};
`;

for (const [name, { compiler, options, kinds, runs }] of Object.entries(ways))
  test(`a program compiles with moduleResolution ${name} and runs; a wrong use of a name does not compile`, async () => {
    const project = join(folder, name.replace(/\W.*/, ''));
    mkdirSync(project, { recursive: true });
    for (const kind of kinds) {
      writeFileSync(join(project, `right.${kind}`), everyFormatInTypeScript);
      writeFileSync(join(project, `wrong.${kind}`), wrong);
    }
    // One program, because checking the declarations of the AWS SDK takes most of the time.
    const files = kinds.flatMap((kind) => [`right.${kind}`, `wrong.${kind}`]);
    const config = { compilerOptions: { ...strict, ...options }, files };
    writeFileSync(join(project, 'tsconfig.json'), JSON.stringify(config));
    const flags = ['-p', '.', '--pretty', 'false'];
    const { stdout } = await outcomeOf(process.execPath, [compiler, ...flags], { cwd: project });
    const errors = stdout.split('\n').filter((line) => /^\S/.test(line));
    assert.equal(errors.length, kinds.length, stdout);
    for (const [index, kind] of kinds.entries())
      assert.match(
        errors[index] ?? '',
        new RegExp(`^wrong\\.${kind}.*error TS2322: Type 'number' is not assignable`),
      );
    for (const kind of runs ? kinds : [])
      assert.equal(
        await run(process.execPath, [`right.${kind.replace('t', 'j')}`], { cwd: project }),
        'done\n',
      );
  });
