// Runs before and after `npm pack` or `pnpm pack` in the folder of a package, because its package.json names TypeScript files.
// `--swap` compiles them and replaces package.json by one that names the compiled files; `--restore` puts the original back.
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { buildPackage } from './build-package.ts';
import { publishedManifest } from './published-manifest.ts';
import { publishedPackage } from './published-package.ts';

const packageFolder = process.cwd();
const manifestFile = join(packageFolder, 'package.json');
const kept = join(packageFolder, 'package.json.workspace');
const [step] = process.argv.slice(2);

if (step === '--swap') {
  // An interrupted run left the original here; the package.json in its place was generated.
  if (existsSync(kept)) renameSync(kept, manifestFile);
  const text = readFileSync(manifestFile, 'utf8');
  const found = publishedPackage(basename(packageFolder), text);
  await buildPackage(found, packageFolder);
  const published = publishedManifest(found, process.env.GITHUB_REPOSITORY);
  renameSync(manifestFile, kept);
  writeFileSync(manifestFile, `${JSON.stringify(published, null, 2)}\n`);
} else if (step === '--restore') {
  if (existsSync(kept)) renameSync(kept, manifestFile);
} else {
  process.stderr.write('usage: prepare.ts --swap | --restore\n');
  process.exitCode = 64;
}
