import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { root } from '@order-stream/local-stack/state-folder';
import { faultPoints, requestsAround, unknownRequests } from './fault-points.ts';

test('each AWS operation that the consumer calls has a fault point, or is listed as one that stores nothing', () => {
  const known = new Set([
    ...faultPoints.map(({ request }) => request),
    ...Object.values(requestsAround).flat(),
  ]);
  const files = globSync('services/order-consumer/src/**/*.ts', { cwd: root });
  assert.ok(files.length > 20);
  const called = files
    .filter((path) => !path.endsWith('.test.ts'))
    .flatMap((path) => [...readFileSync(join(root, path), 'utf8').matchAll(/new (\w+)Command\(/g)])
    .map(([, operation]) => operation as string);
  assert.deepEqual(
    called.filter((operation) => !known.has(operation)),
    [],
  );
});

test('no request is listed twice, and a request of neither list is named', () => {
  const all = faultPoints.map(({ channel, request }) => `${channel} ${request}`);
  assert.equal(new Set(all).size, all.length);
  for (const { channel, request } of faultPoints)
    assert.ok(!requestsAround[channel].includes(request), request);
  assert.deepEqual(unknownRequests('kafka', ['Fetch', 'Metadata', 'TxnOffsetCommit']), [
    'TxnOffsetCommit',
  ]);
});
