// Names the anomalies of a history. By hand: `node tools/run.mjs tests/faults/check-history.ts FILE`.
import { type Anomaly, describeAnomaly } from './check/anomaly.ts';
import { checkDeadLetters } from './check/dead-letters.ts';
import { checkDynamodb } from './check/dynamodb.ts';
import { checkS3 } from './check/s3.ts';
import { checkStdout } from './check/stdout.ts';
import { checkTopic } from './check/topic.ts';
import { collectTopicRecords } from './check/topic-records.ts';
import type { EventOf, HistoryEvent } from './history-event.ts';
import { readHistory } from './history-file.ts';

/** Reads the events several times. `events` returns all of them each time. */
export function checkHistory(events: () => Iterable<HistoryEvent>): Anomaly[] {
  const { stores, repeats } = runOf(events());
  const records = collectTopicRecords(events());
  const repeatsIn = (store: EventOf<'run'>['stores'][number]) => ({
    repeats: repeats.includes(store),
  });
  const checks = {
    topic: () => checkTopic(records),
    stdout: () => checkStdout(records, events(), repeatsIn('stdout')),
    dynamodb: () => checkDynamodb(records, events()),
    s3: () => checkS3(records, events()),
    'dead-letters': () => checkDeadLetters(records, events(), repeatsIn('dead-letters')),
  };
  return stores.flatMap((store) => checks[store]());
}

function runOf(events: Iterable<HistoryEvent>): EventOf<'run'> {
  for (const event of events) if (event.event === 'run') return event;
  throw new Error('expected an event `run` in the history, found none');
}

if (import.meta.main) {
  const path = process.argv[2];
  if (path === undefined) {
    process.stderr.write('usage: node tools/run.mjs tests/faults/check-history.ts FILE\n');
    process.exit(2);
  }
  const anomalies = checkHistory(() => readHistory(path));
  for (const anomaly of anomalies) process.stdout.write(`${describeAnomaly(anomaly)}\n`);
  process.stdout.write(`${anomalies.length} anomalies\n`);
  process.exitCode = anomalies.length > 0 ? 1 : 0;
}
