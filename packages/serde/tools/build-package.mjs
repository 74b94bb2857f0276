// `build-package.mjs [FOLDER]`: the package as it is published, into FOLDER (default dist): JavaScript, types, README.
// `--swap` and `--restore` go around `npm pack`, which takes the package.json that it finds: inside the workspace that
// one names the TypeScript sources.
import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join, relative, resolve } from 'node:path';

const root = join(import.meta.dirname, '..');
const manifestFile = join(root, 'package.json');
const kept = join(root, 'package.json.workspace');
const argument = process.argv[2];

if (argument === '--restore') {
  if (existsSync(kept)) renameSync(kept, manifestFile);
} else if (argument === '--swap') {
  build(join(root, 'dist'));
  renameSync(manifestFile, kept);
  writeManifest(root, readFileSync(kept, 'utf8'), './dist/');
} else {
  const folder = resolve(argument ?? join(root, 'dist'));
  build(folder);
  writeManifest(folder, readFileSync(manifestFile, 'utf8'), './');
  cpSync(join(root, 'README.md'), join(folder, 'README.md'));
  cpSync(join(root, '../../LICENSE'), join(folder, 'LICENSE'));
}

function build(folder) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const compiler = join(root, '../../node_modules/.bin/tsc');
  const options = ['-p', join(root, 'tsconfig.build.json'), '--outDir', folder];
  const { status } = spawnSync(compiler, options, { stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
  // The compiler leaves the extensions in declarations as they are.
  for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.d.ts')) continue;
    const text = readFileSync(join(folder, file), 'utf8');
    writeFileSync(join(folder, file), text.replace(/(['"]\.{1,2}\/[^'"]+)\.ts(?=['"])/g, '$1.js'));
  }
}

function writeManifest(folder, text, compiled) {
  const manifest = JSON.parse(text);
  for (const key of ['private', 'scripts', 'devDependencies']) delete manifest[key];
  const entries = Object.entries(manifest.exports).map(([path, source]) => {
    const file = relative('src', source).replace(/\.ts$/, '');
    return [path, { types: `${compiled}${file}.d.ts`, default: `${compiled}${file}.js` }];
  });
  const published = { ...manifest, files: [compiled], exports: Object.fromEntries(entries) };
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(published, null, 2)}\n`);
}
