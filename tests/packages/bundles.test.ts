import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { tmpdir } from 'node:os';
import { join, parse } from 'node:path';
import { after, before, test } from 'node:test';
import commonjsModule from '@rollup/plugin-commonjs';
import jsonModule from '@rollup/plugin-json';
import { nodeResolve } from '@rollup/plugin-node-resolve';
import { type BuildOptions, build } from 'esbuild';
import { rollup } from 'rollup';
import { entries } from './entries.ts';
import { everyFormatInTypeScript } from './every-format.ts';
import { installedPackages } from './installed-packages.ts';
import { run } from './run-command.ts';

/** The banner that AWS Powertools and esbuild's users recommend, because CommonJS dependencies call `require()`. */
const banner =
  "import { createRequire } from 'module';const require = createRequire(import.meta.url);";

// Their declarations describe the CommonJS files, in which the plugin is the property `default`.
const commonjs = commonjsModule as unknown as typeof commonjsModule.default;
const json = jsonModule as unknown as typeof jsonModule.default;

let folder: string;
/** Has no node_modules in it or above it. */
const bare = mkdtempSync(join(tmpdir(), 'bundles-'));
before(async () => {
  folder = join((await installedPackages()).folder, 'bundles');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'everything.ts'), everyFormatInTypeScript);
  writeFileSync(join(folder, 'everything.mjs'), stripTypeScriptTypes(everyFormatInTypeScript));
  for (const [name, key] of Object.entries(entries)) {
    const check = `if (typeof entry.${key} !== 'function') throw new Error('${key}');`;
    writeFileSync(
      join(folder, `${fileOf(name)}.mjs`),
      `import * as entry from '${name}';\n${check}\nconsole.log('done');\n`,
    );
    writeFileSync(join(folder, `all-of-${fileOf(name)}.mjs`), `export * from '${name}';\n`);
  }
});
after(() => rmSync(bare, { recursive: true, force: true }));

const fileOf = (entry: string) => entry.replace('@order-stream/', '').replace('/', '-');
const fromEntries = Object.keys(entries).map((entry) => `${fileOf(entry)}.mjs`);

const bundle = (files: readonly string[], options: BuildOptions) =>
  build({
    entryPoints: files.map((file) => join(folder, file)),
    ...{ bundle: true, platform: 'node', target: 'node22', logLevel: 'error', metafile: true },
    ...options,
  });

const runBare = (file: string) =>
  run(process.execPath, ['--disable-warning=ExperimentalWarning', file], { cwd: bare });

const byEsbuild: [string, string, BuildOptions][] = [
  ['CommonJS', 'cjs', { format: 'cjs' }],
  ['an ES module with the usual banner', 'mjs', { format: 'esm', banner: { js: banner } }],
  [
    'an ES module with the banner, from the modules of dependencies',
    'mjs',
    { format: 'esm', banner: { js: banner }, mainFields: ['module', 'main'], minify: true },
  ],
];
for (const [format, extension, options] of byEsbuild)
  test(`esbuild bundles each entry, and all together, as ${format}; they run alone`, async () => {
    const outdir = mkdtempSync(join(bare, 'esbuild-'));
    const outExtension = { '.js': `.${extension}` };
    const files = ['everything.ts', ...fromEntries];
    const { warnings } = await bundle(files, { ...options, outdir, outExtension });
    assert.deepEqual(warnings, []);
    for (const file of files)
      assert.equal(await runBare(join(outdir, `${parse(file).name}.${extension}`)), 'done\n', file);
  });

test('esbuild bundles a program that calls require()', async () => {
  const calls = Object.entries(entries).map(
    ([name, key]) => `if (typeof require('${name}').${key} !== 'function') throw Error('${name}');`,
  );
  writeFileSync(join(folder, 'calls.cjs'), `${calls.join('\n')}\nconsole.log('done');`);
  await bundle(['calls.cjs'], { format: 'cjs', outfile: join(bare, 'calls.cjs') });
  assert.equal(await runBare('calls.cjs'), 'done\n');
});

for (const format of ['cjs', 'es'] as const)
  test(`rollup bundles each entry, and all together, in its format ${format}; they run alone`, async () => {
    const input = ['everything.mjs', ...fromEntries].map((file) => join(folder, file));
    const plugins = [nodeResolve({ preferBuiltins: true }), commonjs(), json()];
    const built = await rollup({ input, plugins, external: /^node:/, logLevel: 'silent' });
    const dir = join(bare, `rollup-${format}`);
    const extension = format === 'cjs' ? 'cjs' : 'mjs';
    await built.write({
      ...{ dir, format, entryFileNames: `[name].${extension}` },
      chunkFileNames: `[name]-[hash].${extension}`,
    });
    await built.close();
    for (const file of ['everything.mjs', ...fromEntries]) {
      const name = file.replace(/mjs$/, extension);
      assert.equal(await runBare(join(dir, name)), 'done\n', name);
    }
  });

test('the size of each entry, and what it loads', async (t) => {
  const names = Object.keys(entries);
  const { metafile } = await bundle(
    names.map((name) => `all-of-${fileOf(name)}.mjs`),
    {
      ...{ format: 'esm', minify: true, write: false, outdir: bare },
      mainFields: ['module', 'main'],
    },
  );
  const outputs = Object.entries(metafile?.outputs ?? {});
  const loads: Record<string, string[]> = {};
  for (const name of names) {
    const [, output] =
      outputs.find(([path]) => parse(path).name === `all-of-${fileOf(name)}`) ?? [];
    const used = Object.entries(output?.inputs ?? {}).filter(([, part]) => part.bytesInOutput > 0);
    const modules = used.map(
      ([path]) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? '',
    );
    loads[name] = [...new Set(modules)].filter((one) => !/^(@order-stream\/.*)?$/.test(one)).sort();
    const kib = ((output?.bytes ?? 0) / 1024).toFixed(0);
    t.diagnostic(`${name.padEnd(35)} ${kib.padStart(5)} KiB  ${summaryOf(loads[name])}`);
  }
  assert.deepEqual(loads['@order-stream/serde'], ['avsc']);
  assert.deepEqual(loads['@order-stream/serde/confluent'], []);
  for (const entry of ['json-schema', 'protobuf', 'compatibility'])
    assert.doesNotMatch(String(loads[`@order-stream/serde/${entry}`]), /aws|smithy|fastify/);
  assert.doesNotMatch(Object.values(loads).flat().join(' '), /kafka/);
});

/** The AWS SDK and fastify have many packages. */
function summaryOf(packages: readonly string[]): string {
  const own = ['avsc', 'ajv', 'protobufjs', 'fastify'].filter((name) => packages.includes(name));
  const ofAws = packages.some((name) => name.startsWith('@aws-sdk/')) ? ['the AWS SDK'] : [];
  const more = packages.length > 0 ? [`(${packages.length} packages)`] : ['no dependency'];
  return [[...ofAws, ...own].join(', '), ...more].join(' ').trim();
}
