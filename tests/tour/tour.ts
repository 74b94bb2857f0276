import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '@order-stream/local-stack/state-folder';

export interface Step {
  /** The lines of shell in the document. */
  commands: string;
  /** The expected lines, in this order. Other lines may come between them. `…` matches any text. */
  expected: string[];
}

export interface Section {
  title: string;
  steps: Step[];
}

/** The commands of a document by section. A text block has the output of the commands above it. */
export function readTour(path: string): Section[] {
  const [, ...sections] = readFileSync(join(root, path), 'utf8').split(/^## /m);
  return sections
    .map((text) => ({
      title: text.split('\n')[0] as string,
      steps: [...text.matchAll(/```sh\n(.*?)```(?:\n+```text\n(.*?)```)?/gs)].map(
        ([, commands = '', expected = '']) => ({
          commands,
          expected: expected.split('\n').filter(Boolean),
        }),
      ),
    }))
    .filter(({ steps }) => steps.length > 0);
}

/** The first expected line that the output lacks after the previous expected lines. */
export function missingLine(expected: readonly string[], output: string): string | undefined {
  const lines = output.split(/\r?\n/);
  let from = 0;
  for (const line of expected) {
    const pattern = new RegExp(`^${line.split('…').map(literally).join('.*')}$`);
    const found = lines.findIndex((seen, index) => index >= from && pattern.test(seen));
    if (found < 0) return line;
    from = found + 1;
  }
  return undefined;
}

function literally(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
