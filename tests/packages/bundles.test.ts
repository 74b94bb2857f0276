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
import { entries, requireFunction } from './entries.ts';
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
  for (const name of entries) {
    writeFileSync(
      join(folder, `${fileOf(name)}.mjs`),
      `import * as entry from '${name}';\n${requireFunction('entry', name)}\nconsole.log('done');\n`,
    );
    writeFileSync(join(folder, `all-of-${fileOf(name)}.mjs`), `export * from '${name}';\n`);
  }
});
after(() => rmSync(bare, { recursive: true, force: true }));

const fileOf = (entry: string) => entry.replace('@order-stream/', '').replace('/', '-');
const fromEntries = entries.map((entry) => `${fileOf(entry)}.mjs`);

const bundle = (files: readonly string[], options: BuildOptions) =>
  build({
    entryPoints: files.map((file) => join(folder, file)),
    ...{ bundle: true, platform: 'node', target: 'node22', logLevel: 'error', metafile: true },
    ...options,
  });

/** Loads the bundles one after another, away from any node_modules. Each must print `done`. */
async function runBare(files: readonly string[]): Promise<void> {
  const load = `for (const file of ${JSON.stringify(files)})
    await import('file://' + file).catch((error) => { throw new Error(file, { cause: error }); });`;
  const flags = ['--disable-warning=ExperimentalWarning', '--input-type=module', '--eval', load];
  assert.equal(await run(process.execPath, flags, { cwd: bare }), 'done\n'.repeat(files.length));
}

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
    await runBare(files.map((file) => join(outdir, `${parse(file).name}.${extension}`)));
  });

test('esbuild bundles a program that calls require()', async () => {
  const calls = entries.map((entry) => requireFunction(`require('${entry}')`, entry));
  writeFileSync(join(folder, 'calls.cjs'), `${calls.join('\n')}\nconsole.log('done');`);
  await bundle(['calls.cjs'], { format: 'cjs', outfile: join(bare, 'calls.cjs') });
  await runBare([join(bare, 'calls.cjs')]);
});

test('rollup bundles each entry, and all together, in its formats cjs and es; they run alone', async () => {
  const files = ['everything.mjs', ...fromEntries];
  const built = await rollup({
    input: files.map((file) => join(folder, file)),
    plugins: [nodeResolve({ preferBuiltins: true }), commonjs(), json()],
    ...{ external: /^node:/, logLevel: 'silent' },
  });
  for (const [format, extension] of [
    ['cjs', 'cjs'],
    ['es', 'mjs'],
  ] as const) {
    const dir = join(bare, `rollup-${format}`);
    await built.write({
      ...{ dir, format, entryFileNames: `[name].${extension}` },
      chunkFileNames: `[name]-[hash].${extension}`,
    });
    await runBare(files.map((file) => join(dir, `${parse(file).name}.${extension}`)));
  }
  await built.close();
});

/** The minified size of each entry when it was last measured. Its limit is 5 % more; a larger entry needs a reason. */
const measuredKib: Record<string, number> = {
  '@order-stream/serde': 175,
  '@order-stream/serde/glue': 400,
  '@order-stream/serde/confluent': 14,
  '@order-stream/serde/registry': 592,
  '@order-stream/serde/json-schema': 235,
  '@order-stream/serde/protobuf': 96,
  '@order-stream/serde/compatibility': 159,
  '@order-stream/serde/lambda': 5,
  '@order-stream/glue-schemas': 1201,
  '@order-stream/glue-local': 1031,
};

/** At least 1 KiB more, so that the few lines of an option's check do not need a new measurement of a small entry. */
function limitKib(entry: string): number {
  const measured = measuredKib[entry] ?? 0;
  return measured + Math.max(1, Math.floor(measured * 0.05));
}

test('each entry is smaller than its limit, and loads only what it names', async (t) => {
  const { metafile } = await bundle(
    entries.map((name) => `all-of-${fileOf(name)}.mjs`),
    {
      ...{ format: 'esm', minify: true, write: false, outdir: bare },
      mainFields: ['module', 'main'],
    },
  );
  const outputs = Object.entries(metafile?.outputs ?? {});
  const loads: Record<string, string[]> = {};
  const sizes: Record<string, number> = {};
  for (const name of entries) {
    const [, output] =
      outputs.find(([path]) => parse(path).name === `all-of-${fileOf(name)}`) ?? [];
    const used = Object.entries(output?.inputs ?? {}).filter(([, part]) => part.bytesInOutput > 0);
    const modules = used.map(
      ([path]) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? '',
    );
    loads[name] = [...new Set(modules)].filter((one) => !/^(@order-stream\/.*)?$/.test(one)).sort();
    sizes[name] = Math.ceil((output?.bytes ?? 0) / 1024);
    t.diagnostic(
      `${name.padEnd(35)} ${String(sizes[name]).padStart(5)} KiB of ${limitKib(name)}  ${summaryOf(loads[name])}`,
    );
  }
  const tooLarge = entries.filter((name) => (sizes[name] ?? 0) > limitKib(name));
  assert.deepEqual(tooLarge, [], 'larger than its limit');
  assert.deepEqual(loads['@order-stream/serde'], ['avsc']);
  assert.deepEqual(loads['@order-stream/serde/confluent'], []);
  for (const entry of ['json-schema', 'protobuf', 'compatibility'])
    assert.doesNotMatch(String(loads[`@order-stream/serde/${entry}`]), /aws|smithy|fastify/);
  assert.doesNotMatch(Object.values(loads).flat().join(' '), /kafka/);
});

/** The AWS SDK and fastify have many packages. */
function summaryOf(packages: readonly string[]): string {
  const own = ['avsc', 'ajv', 'fastify'].filter((name) => packages.includes(name));
  const ofAws = packages.some((name) => name.startsWith('@aws-sdk/')) ? ['the AWS SDK'] : [];
  const more = packages.length > 0 ? [`(${packages.length} packages)`] : ['no dependency'];
  return [[...ofAws, ...own].join(', '), ...more].join(' ').trim();
}
