import { closeSync, mkdirSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { stateFolder } from '@order-stream/local-stack/state-folder';
import type { HistoryEvent } from './history-event.ts';

const bufferedLines = 1_000;
const chunkBytes = 1 << 20;

/** Writes a history to `.order-stream/histories`. Events are not kept in memory, so that a long run has room. */
export function createHistoryFile(name: string) {
  const folder = join(stateFolder, 'histories');
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${name.replaceAll(/[^\w-]+/g, '-')}-${process.pid}.jsonl`);
  const file = openSync(path, 'w');
  let lines: string[] = [];
  const flush = () => {
    writeSync(file, lines.join(''));
    lines = [];
  };
  return {
    path,
    record(event: HistoryEvent): void {
      lines.push(`${JSON.stringify(event)}\n`);
      if (lines.length >= bufferedLines) flush();
    },
    /** The events so far, read from the file. */
    events(): Generator<HistoryEvent> {
      flush();
      return readHistory(path);
    },
    close(): void {
      flush();
      closeSync(file);
    },
    remove: () => rmSync(path, { force: true }),
  };
}

/** @throws SyntaxError with the number of a line that is not JSON */
export function* readHistory(path: string): Generator<HistoryEvent> {
  let number = 0;
  for (const line of readLines(path)) {
    number += 1;
    try {
      yield JSON.parse(line) as HistoryEvent;
    } catch (cause) {
      throw new SyntaxError(`${path}:${number}: expected an event as one line of JSON`, { cause });
    }
  }
}

function* readLines(path: string): Generator<string> {
  const file = openSync(path, 'r');
  const decoder = new TextDecoder();
  const chunk = Buffer.alloc(chunkBytes);
  let rest = '';
  try {
    for (;;) {
      const length = readSync(file, chunk);
      const text = rest + decoder.decode(chunk.subarray(0, length), { stream: length > 0 });
      const lines = text.split('\n');
      rest = lines.pop() as string;
      yield* lines;
      if (length === 0) break;
    }
    if (rest !== '') yield rest;
  } finally {
    closeSync(file);
  }
}
