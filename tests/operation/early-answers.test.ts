import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { type OutgoingHttpHeaders, request } from 'node:http';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { promisify } from 'node:util';
import { until } from '@order-stream/local-stack/until';
import { rawRequest } from '../../services/order-producer/src/testing/raw-client.ts';
import { orderText, startHttpProducer } from './http-producer.ts';

const producer = await startHttpProducer();
after(() => producer.stop(10_000));

const tenMegabytes = Buffer.alloc(10_000_000, ' ');

/** Resolves with the status that Node's client sees, or its error code. */
function statusOrError(headers: OutgoingHttpHeaders) {
  return new Promise<number | string | undefined>((resolve) => {
    const outgoing = request(`${producer.url}/orders`, { method: 'POST', headers }, (incoming) => {
      incoming.resume();
      incoming.on('end', () => resolve(incoming.statusCode));
      incoming.on('error', ({ code }: NodeJS.ErrnoException) => resolve(code));
    });
    outgoing.on('error', ({ code }: NodeJS.ErrnoException) => resolve(code));
    outgoing.end(tenMegabytes);
  });
}

const json = { 'content-type': 'application/json' };
const csv = { 'content-type': 'text/csv' };
const declared = { 'content-length': tenMegabytes.length };
const chunked = { 'transfer-encoding': 'chunked' };
const refused: [string, OutgoingHttpHeaders, number][] = [
  ['a body that is too large', { ...json, ...declared }, 413],
  ['chunks that become too large', { ...json, ...chunked }, 413],
  ['another type', { ...csv, ...declared }, 415],
  ['another type in chunks', { ...csv, ...chunked }, 415],
  ['a coding', { ...json, ...declared, 'content-encoding': 'gzip' }, 415],
];
for (const [name, headers, status] of refused)
  test(`F14 Node's client gets ${status} for ${name} while it still sends 10 MB`, async () => {
    const seen = new Set<number | string | undefined>();
    for (let i = 0; i < 6; i += 1) seen.add(await statusOrError(headers));
    assert.deepEqual([...seen], [status]);
  });

test("F14 Python's http.client, which sends all before it reads, gets the refusals of 10 MB", async () => {
  const script = join(import.meta.dirname, 'early_answers.py');
  const args = ['-I', '-B', script, String(producer.port)];
  const { stdout } = await promisify(execFile)('python3', args);
  assert.deepEqual(JSON.parse(stdout), {
    'too large': { 413: 8 },
    'chunks too large': { 413: 8 },
    'another type': { 415: 8 },
    order: { 201: 8 },
  });
});

test('F14 a body that Expect: 100-continue announces is refused without being sent', async () => {
  for (const [headers, status] of [
    [{ expect: '100-continue', 'content-length': 5_000_000 }, 413],
    [{ ...csv, expect: '100-continue', 'content-length': 50 }, 415],
    [{ expect: 'anything', 'content-length': 50 }, 417],
  ] as const) {
    const client = producer.connect();
    await client.send(rawRequest('', { headers }));
    assert.deepEqual((await client.answers()).statuses, [status]);
  }
});

test('F14 what a refused client still sends is limited in bytes and in time', async () => {
  const endless = rawRequest('', { headers: { 'content-length': 1e12 } });
  const fast = producer.connect();
  await fast.send(endless);
  let sent = 0;
  while (!fast.socket.destroyed && sent < 1e9) {
    await fast.send(tenMegabytes);
    sent += tenMegabytes.length;
  }
  assert.ok(fast.socket.destroyed, `still open after ${sent} bytes`);
  const slow = producer.connect();
  await slow.send(endless);
  const isCutOff = () => {
    if (!slow.socket.destroyed) slow.socket.write(' ');
    return slow.socket.destroyed;
  };
  await until('the client that sends slowly is cut off', isCutOff, 15_000);
  assert.deepEqual(slow.statuses(), [413]);
});

test('F14 after all of this, orders are accepted', async () => {
  const { id, text } = orderText();
  assert.equal((await producer.post(text)).status, 201);
  assert.ok((await producer.writtenIds()).includes(id));
});
