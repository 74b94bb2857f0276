// The table of docs/testing.md from the suites' declarations: compares it, or writes it (`--write`).
import { needWords } from '@order-stream/local-stack/suite';
import { readSuites } from '../suites.ts';
import { withTables, writeOrCompare } from './generated-file.ts';
import { markdownTable } from './markdown-table.ts';

const path = 'docs/testing.md';
const rows = (await readSuites()).map(({ folder, shows, needs, step, workflow }) => [
  `\`${folder}\``,
  shows,
  needs.map((need) => needWords[need]).join(', ') || 'nothing',
  step ? `\`${step}\`` : `workflow \`${workflow}\``,
]);
const suites = markdownTable(['suite', 'what it shows', 'needs', 'step of `.ci/run`'], rows);
writeOrCompare('generate/suites.ts', [withTables(path, { suites })]);
