// Is docs/behaviours.md true to the tests? With `--write`, its last column is made so.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '@order-stream/local-stack/state-folder';
import { claimedIds, mapFaults, mapFile } from './behaviours.ts';

const path = join(root, mapFile);
const claims = claimedIds();
if (process.argv.includes('--write')) {
  const lines = readFileSync(path, 'utf8').split('\n');
  writeFileSync(path, lines.map(withClaims).join('\n'));
}
const faults = mapFaults(readFileSync(path, 'utf8'), claims);
for (const fault of faults) process.stderr.write(`${mapFile}: ${fault}\n`);
if (faults.length > 0)
  process.stderr.write(
    '`node tools/run.mjs tools/check-behaviours.ts --write` fills the map from the tests.\n',
  );
process.exitCode = faults.length > 0 ? 1 : 0;

function withClaims(line: string): string {
  const id = /^\| ((?:S\d|D)-\d\d)\b/.exec(line)?.[1];
  if (id === undefined) return line;
  const files = [...claims].filter(([, ids]) => ids.has(id)).map(([file]) => named(file));
  const cells = line.split(' | ');
  cells[cells.length - 1] = `${files.join(', ') || 'open'} |`;
  return cells.join(' | ');
}

/** These tests need images that not every machine can pull: the map says so until they have run somewhere. */
function named(file: string): string {
  return `\`${file}\`${file.startsWith('tests/compose-real/') ? ' (untried)' : ''}`;
}
