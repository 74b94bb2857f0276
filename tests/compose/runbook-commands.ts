import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '@order-stream/local-stack/state-folder';

/** The Kafka commands of a section of docs/runbook.md, in their order. */
export function runbookCommands(section: string): string[] {
  const runbook = readFileSync(join(root, 'docs/runbook.md'), 'utf8');
  const text = runbook.split(/^##+ /m).find((one) => one.startsWith(`${section}\n`)) ?? '';
  return [...text.matchAll(/`(kafka-[a-z-]+\.sh\s[^`]+)`/g)].map(([, command = '']) =>
    command.replaceAll(/\s+/g, ' '),
  );
}
