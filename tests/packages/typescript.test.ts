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
  file: string;
  options: object;
  /** The file that the compiler writes and Node can run; bundlers take the others. */
  runs?: string;
}

const ways: Record<string, Way> = {
  'node10 (TypeScript 5)': {
    compiler: typescript5,
    file: 'node10.ts',
    // pino, a dependency of fastify, requires esModuleInterop.
    options: { module: 'commonjs', moduleResolution: 'node10', esModuleInterop: true },
    runs: 'node10.js',
  },
  'node16 from CommonJS (TypeScript 5)': {
    compiler: typescript5,
    file: 'node16.cts',
    options: { module: 'node16' },
    runs: 'node16.cjs',
  },
  'node16 from an ES module (TypeScript 5)': {
    compiler: typescript5,
    file: 'node16.mts',
    options: { module: 'node16' },
    runs: 'node16.mjs',
  },
  'nodenext from CommonJS (TypeScript 7)': {
    compiler: typescript7,
    file: 'nodenext.cts',
    options: { module: 'nodenext' },
    runs: 'nodenext.cjs',
  },
  'nodenext from an ES module (TypeScript 7)': {
    compiler: typescript7,
    file: 'nodenext.mts',
    options: { module: 'nodenext' },
    runs: 'nodenext.mjs',
  },
  'bundler (TypeScript 7)': {
    compiler: typescript7,
    file: 'bundler.ts',
    options: { module: 'esnext', moduleResolution: 'bundler' },
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

/** Returns what the compiler prints about the file. */
async function compile({ compiler, file, options }: Way, source: string): Promise<string> {
  const project = join(folder, file.replace('.', '-'));
  mkdirSync(project, { recursive: true });
  const config = { compilerOptions: { ...strict, ...options }, files: [file] };
  writeFileSync(join(project, 'tsconfig.json'), JSON.stringify(config));
  writeFileSync(join(project, file), source);
  return (await outcomeOf(process.execPath, [compiler, '-p', project], { cwd: folder })).stdout;
}

for (const [name, way] of Object.entries(ways))
  test(`a program compiles with moduleResolution ${name}, and runs`, async () => {
    assert.equal(await compile(way, everyFormatInTypeScript), '');
    const { runs } = way;
    if (runs === undefined) return;
    const cwd = join(folder, way.file.replace('.', '-'));
    assert.equal(await run(process.execPath, [runs], { cwd }), 'done\n');
  });

test('a wrong use of a name is an error of types in each way', async () => {
  const wrong =
    "import { createSerializer } from '@order-stream/serde';\ncreateSerializer({ registry: 5 });\n";
  for (const [name, way] of Object.entries(ways))
    assert.match(
      await compile({ ...way, file: `wrong-${way.file}` }, wrong),
      /error TS2322: Type 'number' is not assignable/,
      name,
    );
});
