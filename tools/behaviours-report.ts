// The last step of CI: checks that every test in docs/behaviours.md has run and passed.
// Arguments: the folders of the suites that this run left out.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '@order-stream/local-stack/state-folder';
import { mapFile, readMap, shownIds } from './behaviours.ts';
import { readReports } from './report.ts';

const { map } = readMap(readFileSync(join(root, mapFile), 'utf8'));
const tests = readReports().flatMap((report) =>
  report.tests.map((test) => ({ ...test, suite: report.suite })),
);
const leftOut = process.argv.slice(2).map((folder) => `${folder}/`);
const faults: string[] = [];
let leftOutCount = 0;
for (const [id, files] of map)
  for (const file of files) {
    const shown = tests.filter((test) => test.file === file && shownIds(test.title).includes(id));
    if (shown.length === 0 && leftOut.some((folder) => file.startsWith(folder))) leftOutCount += 1;
    else if (shown.length === 0) faults.push(`${id}: no such test of ${file} has run`);
    for (const { suite, title, status } of shown)
      if (status !== 'passed') faults.push(`${id}: ${status} in ${suite}: ${file} › ${title}`);
  }
const shownCount = [...map.values()].filter((files) => files.length > 0).length;
for (const fault of faults) process.stderr.write(`${fault}\n`);
process.stdout.write(
  `${shownCount} of ${map.size} behaviours are mapped to tests; ${faults.length} of those tests did not pass, ${leftOutCount} were left out\n`,
);
process.exitCode = faults.length > 0 ? 1 : 0;
