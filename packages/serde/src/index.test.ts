import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

const folder = new URL('./', import.meta.url);
const manifest = JSON.parse(readFileSync(new URL('../package.json', folder), 'utf8'));

function importsOf(file: URL): string[] {
  const source = readFileSync(file, 'utf8').replaceAll(/^import type [^;]*;/gm, '');
  return [
    ...source.matchAll(/(?:^import |^(?:import|export|\}) .*from |\bimport\()'([^']+)'/gm),
  ].map((match) => match[1] as string);
}

/** The packages that an entry point loads, directly or not. */
function packagesOf(entry: string): Set<string> {
  const files = new Set([new URL(entry, folder).href]);
  const packages = new Set<string>();
  for (const file of files) {
    for (const imported of importsOf(new URL(file))) {
      if (imported.startsWith('.')) files.add(new URL(imported, file).href);
      else if (!imported.startsWith('node:'))
        packages.add(imported.replace(/^((@[^/]+\/)?[^/]+).*/, '$1'));
    }
  }
  return packages;
}

test('D-02 Avro is encoded by avsc, and the main entry loads nothing else: no AWS SDK, no ajv, no Protobuf', () => {
  assert.deepEqual([...packagesOf('index.ts')], ['avsc']);
});

test('D-02 each other entry loads what it is for, and only ./glue and ./registry the AWS SDK', () => {
  const expected: Record<string, RegExp> = {
    './glue': /^(avsc|@aws-sdk\/.*)$/,
    // Loads the client of either registry when it is opened.
    './registry': /^(avsc|@aws-sdk\/.*)$/,
    './json-schema': /^(avsc|ajv.*)$/,
  };
  for (const [path, file] of Object.entries<string>(manifest.exports)) {
    const foreign = [...packagesOf(`../${file}`)].filter(
      (name) => !(expected[path] ?? /^avsc$/).test(name),
    );
    assert.deepEqual(foreign, [], path);
  }
  assert.ok(packagesOf('registry/glue/glue-registry.ts').has('@aws-sdk/client-glue'));
});
