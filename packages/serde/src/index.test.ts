import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';

const folder = new URL('./', import.meta.url);

function importsOf(file: string): string[] {
  const source = readFileSync(new URL(file, folder), 'utf8');
  return [...source.matchAll(/(?:from|import\() ?'([^']+)'/g)].map((match) => match[1] as string);
}

function reachableFrom(entry: string): Set<string> {
  const reached = new Set<string>();
  const queue = [entry];
  for (const file of queue) {
    for (const imported of importsOf(file)) {
      if (reached.has(imported)) continue;
      reached.add(imported);
      if (imported.startsWith('./')) queue.push(imported);
    }
  }
  return reached;
}

test('D-02 Avro is encoded by avsc, and the main entry loads no AWS SDK', () => {
  const reached = reachableFrom('index.ts');
  assert.ok(reached.has('avsc'));
  assert.deepEqual(
    [...reached].filter((name) => name.includes('aws')),
    [],
  );
});

test('D-02 only glue-registry.ts imports the Glue client', () => {
  const sources = readdirSync(folder).filter((name) => /(?<!\.test)\.ts$/.test(name));
  const importers = sources.filter((file) => importsOf(file).includes('@aws-sdk/client-glue'));
  assert.deepEqual(importers, ['glue-registry.ts']);
});
