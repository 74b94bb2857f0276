import assert from 'node:assert/strict';
import { existsSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { createHistoryFile, readHistory } from './history-file.ts';

test('a history file returns its events, also those longer than a chunk and with characters of several bytes', () => {
  const file = createHistoryFile('a history file');
  const events = Array.from({ length: 2_500 }, (_, index) => ({
    event: 'note' as const,
    text: index === 7 ? 'é'.repeat(1_500_001) : `é${index}`,
  }));
  for (const event of events) file.record(event);
  assert.deepEqual([...file.events()], events);
  file.close();
  assert.deepEqual([...readHistory(file.path)], events);
  file.remove();
  assert.equal(existsSync(file.path), false);
});

test('a line that is not JSON is named by its number', () => {
  const file = createHistoryFile('a broken history file');
  file.close();
  writeFileSync(file.path, '{"event":"note","text":"a"}\n{"event":');
  assert.throws(() => [...readHistory(file.path)], /:2: expected an event/);
  file.remove();
});
