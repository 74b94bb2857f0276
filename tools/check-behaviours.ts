// Compares docs/behaviours.md with the titles of the tests. With `--write`, corrects its lists of files.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '@order-stream/local-stack/state-folder';
import { claimedIds, entryPattern, mapFaults, mapFile } from './behaviours.ts';
import { wrapped } from './generate/markdown-list.ts';

const path = join(root, mapFile);
const claims = claimedIds();
if (process.argv.includes('--write')) {
  writeFileSync(path, readFileSync(path, 'utf8').replace(entryPattern, withClaims));
}
const faults = mapFaults(readFileSync(path, 'utf8'), claims);
for (const fault of faults) process.stderr.write(`${mapFile}: ${fault}\n`);
if (faults.length > 0)
  process.stderr.write(
    '`node tools/run.mjs tools/check-behaviours.ts --write` updates the map from the tests.\n',
  );
process.exitCode = faults.length > 0 ? 1 : 0;

function withClaims(_: string, entry: string, id: string): string {
  const files = [...claims].filter(([, ids]) => ids.has(id)).map(([file]) => named(file));
  const lines = wrapped(`  - Shown by: ${files.join(', ') || 'open'}`, '    ');
  return entry.slice(0, entry.lastIndexOf('\n') + 1) + lines.join('\n');
}

/** The map marks these tests as untried: they need images that not every machine can pull. */
function named(file: string): string {
  return `\`${file}\`${file.startsWith('tests/compose-real/') ? ' (untried)' : ''}`;
}
