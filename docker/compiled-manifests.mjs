// Writes the package.json of each workspace package beside its compiled sources, with entry points changed from .ts to .js.
import { globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const compiledTo = process.argv[2];
if (!compiledTo) throw new Error('usage: compiled-manifests.mjs FOLDER');

const toJavaScript = (entry) =>
  typeof entry === 'string'
    ? entry.replace(/\.ts$/, '.js')
    : Object.fromEntries(Object.entries(entry).map(([name, value]) => [name, toJavaScript(value)]));

for (const file of globSync('{packages,services}/*/package.json')) {
  const { exports, bin, scripts, devDependencies, ...manifest } = JSON.parse(
    readFileSync(file, 'utf8'),
  );
  const target = join(compiledTo, file);
  mkdirSync(dirname(target), { recursive: true });
  const entryPoints = {
    ...(exports && { exports: toJavaScript(exports) }),
    ...(bin && { bin: toJavaScript(bin) }),
  };
  writeFileSync(target, `${JSON.stringify({ ...manifest, ...entryPoints }, null, 2)}\n`);
}
