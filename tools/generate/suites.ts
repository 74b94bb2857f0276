// Generates the list of docs/testing.md from the suites' declarations. Compares it or writes it (`--write`).
import { needNames } from '@order-stream/local-stack/suite';
import { readSuites } from '../suites.ts';
import { withLists, writeOrCompare } from './generated-file.ts';
import { markdownList } from './markdown-list.ts';

const path = 'docs/testing.md';
const entries = (await readSuites()).map(({ folder, shows, needs, step, workflow }) => ({
  term: `\`${folder}\``,
  facts: [
    `needs ${needs.map((need) => needNames[need]).join(', ') || 'nothing'}`,
    step ? `step \`${step}\`` : `workflow \`${workflow}\``,
  ],
  text: `${shows}.`,
}));
writeOrCompare('generate/suites.ts', [withLists(path, { suites: markdownList(entries) })]);
