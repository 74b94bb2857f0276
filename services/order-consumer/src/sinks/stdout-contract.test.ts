import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Delivery } from '../delivery.ts';
import { createStdoutSink } from './stdout-sink.ts';
import { recordAt } from './testing/record-at.ts';
import { sinkContract } from './testing/sink-contract.ts';

const delivery = (offset: number, definition: string): Delivery => ({
  record: recordAt(offset, { key: Buffer.from(`{"order_id": "${offset}"}`) }),
  value: offset,
  schema: { dataFormat: 'AVRO', definition },
});

sinkContract('stdout', async (context) => {
  const folder = mkdtempSync(join(tmpdir(), 'stdout-contract-'));
  const file = join(folder, 'lines');
  const descriptor = openSync(file, 'w');
  context.after(() => {
    closeSync(descriptor);
    rmSync(folder, { recursive: true });
  });
  return {
    create: () => createStdoutSink({ descriptor }),
    delivery: (offset) => delivery(offset, '{"type":"long"}'),
    refused: (offset) => delivery(offset, '"nobody.knows"'),
    stored: async () =>
      readFileSync(file, 'utf8')
        .split('\n')
        .slice(0, -1)
        .map((line) => JSON.parse(line))
        .filter(({ partition }) => partition === 0)
        .map(({ offset }) => offset),
    storesOnce: false,
  };
});
