// Runs before and after `npm pack`, because the package.json of the workspace names the TypeScript sources.
// `--swap` compiles them to dist and replaces package.json with one that names dist; `--restore` puts the original back.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';

const root = join(import.meta.dirname, '..');
const manifestFile = join(root, 'package.json');
const kept = join(root, 'package.json.workspace');
const dist = join(root, 'dist');

if (process.argv[2] === '--swap') {
  build();
  // An interrupted run has already kept the original; the package.json in its place is a generated one.
  if (!existsSync(kept)) renameSync(manifestFile, kept);
  writeManifest(readFileSync(kept, 'utf8'));
} else if (process.argv[2] === '--restore') {
  if (existsSync(kept)) renameSync(kept, manifestFile);
} else {
  console.error('usage: build-package.mjs --swap | --restore');
  process.exit(64);
}

function build() {
  rmSync(dist, { recursive: true, force: true });
  const compiler = join(root, '../../node_modules/.bin/tsc');
  const options = ['-p', join(root, 'tsconfig.build.json'), '--outDir', dist];
  const { status } = spawnSync(compiler, options, { stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
  // The compiler leaves the extensions in declarations as they are.
  for (const file of readdirSync(dist, { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.d.ts')) continue;
    const text = readFileSync(join(dist, file), 'utf8');
    writeFileSync(join(dist, file), text.replace(/(['"]\.{1,2}\/[^'"]+)\.ts(?=['"])/g, '$1.js'));
  }
}

function writeManifest(text) {
  const manifest = JSON.parse(text);
  for (const key of ['private', 'scripts', 'devDependencies']) delete manifest[key];
  const entries = Object.entries(manifest.exports).map(([path, source]) => {
    const file = relative('src', source).replace(/\.ts$/, '');
    return [path, { types: `./dist/${file}.d.ts`, default: `./dist/${file}.js` }];
  });
  const published = { ...manifest, exports: Object.fromEntries(entries) };
  writeFileSync(manifestFile, `${JSON.stringify(published, null, 2)}\n`);
}
