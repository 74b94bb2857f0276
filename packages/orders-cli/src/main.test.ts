import assert from 'node:assert/strict';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import type { LoadSummary } from './load-tally.ts';

async function service(t: TestContext, listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** The command in a process with its own environment, as users run it. */
function orders(t: TestContext, args: string[]) {
  const main = new URL('./main.ts', import.meta.url).pathname;
  const { PATH, NODE_COMPILE_CACHE } = process.env;
  const child: ChildProcess = spawn(process.execPath, [main, ...args], {
    env: { PATH, NODE_COMPILE_CACHE },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  t.after(() => child.kill('SIGKILL'));
  const ended = once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>;
  const stdout = text(child.stdout as NonNullable<typeof child.stdout>);
  const stderr = text(child.stderr as NonNullable<typeof child.stderr>);
  return { child, ended, stdout, stderr };
}

const acknowledge = async (request: Parameters<RequestListener>[0], response: ServerResponse) => {
  const { order_id } = JSON.parse(await text(request)) as { order_id: string };
  response.writeHead(201).end(JSON.stringify({ order_id }));
};

for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
  test(`${signal} stops sending; the orders in flight are awaited, counted and decide the exit code`, async (t) => {
    const held: (() => void)[] = [];
    let posts = 0;
    const { promise: fiveInFlight, resolve } = Promise.withResolvers<void>();
    const url = await service(t, (request, response) => {
      if (request.method === 'HEAD') return void response.writeHead(404).end();
      posts += 1;
      held.push(() => void acknowledge(request, response));
      if (held.length === 5) resolve();
    });
    const run = orders(t, ['produce', '--for', '0', '--rate', '0', '--json', '--url', url]);
    await fiveInFlight;
    run.child.kill(signal);
    // Sending must have stopped before the answers arrive, or more orders would follow.
    await once(run.child.stderr as NonNullable<typeof run.child.stderr>, 'data');
    for (const answer of held.splice(0)) answer();
    assert.deepEqual(await run.ended, [0, null]);
    const summary = JSON.parse(await run.stdout) as LoadSummary;
    assert.equal(summary.sent, 5);
    assert.equal(summary.acknowledged, 5);
    assert.equal(posts, 5);
  });
}

test('a second signal ends the command at once', async (t) => {
  const { promise: inFlight, resolve } = Promise.withResolvers<void>();
  const url = await service(t, (request, response) => {
    if (request.method === 'HEAD') response.writeHead(404).end();
    else resolve();
  });
  const run = orders(t, ['produce', '--count', '1', '--url', url]);
  await inFlight;
  run.child.kill('SIGTERM');
  await once(run.child.stderr as NonNullable<typeof run.child.stderr>, 'data');
  run.child.kill('SIGTERM');
  assert.deepEqual(await run.ended, [null, 'SIGTERM']);
});

test('with one order that is not acknowledged, the exit code is 1 and the summary has the reason', async (t) => {
  let posts = 0;
  const url = await service(t, (request, response) => {
    if (request.method === 'HEAD') return void response.writeHead(404).end();
    posts += 1;
    if (posts !== 3) return void acknowledge(request, response);
    response
      .writeHead(503, { 'retry-after': '1' })
      .end('{"type":"urn:order-stream:problem:overloaded"}');
  });
  const run = orders(t, ['produce', '--count', '10', '--seed', 'tried', '--url', url]);
  assert.deepEqual(await run.ended, [1, null]);
  const printed = await run.stdout;
  assert.match(
    printed,
    /^10 orders sent in .* s: 9 acknowledged, 1 refused, 0 unknown \(overloaded 1\)$/m,
  );
  assert.match(printed, /^latency p50 .* ms, p95 .* ms, p99 .* ms, max .* ms$/m);
  assert.match(printed, /^seed tried$/m);
  assert.equal(await run.stderr, '');
  assert.equal(posts, 10);
});

test('S0-25 without a producer a limited run ends at once with one line that says what to do', async (t) => {
  const gone = createServer().listen(0, '127.0.0.1');
  await once(gone, 'listening');
  const { port } = gone.address() as AddressInfo;
  gone.close();
  const run = orders(t, ['produce', '--count', '100', '--url', `http://127.0.0.1:${port}`]);
  assert.deepEqual(await run.ended, [1, null]);
  assert.match(
    await run.stderr,
    /^orders produce: no answer from .* \(ECONNREFUSED\): .*npm start.*\n$/,
  );
});

test('S0-13 with --for 0 the command waits for a producer that is not running yet', async (t) => {
  const reserved = createServer().listen(0, '127.0.0.1');
  await once(reserved, 'listening');
  const { port } = reserved.address() as AddressInfo;
  await new Promise((resolve) => reserved.close(resolve));
  const run = orders(t, ['produce', '--for', '0', '--json', '--url', `http://127.0.0.1:${port}`]);
  const [waiting] = await once(run.child.stderr as NonNullable<typeof run.child.stderr>, 'data');
  assert.match(String(waiting), /waiting for it/);
  const { promise: posted, resolve } = Promise.withResolvers<void>();
  const server = createServer((request, response) => {
    if (request.method === 'HEAD') return void response.writeHead(404).end();
    void acknowledge(request, response).then(resolve);
  }).listen(port, '127.0.0.1');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  await posted;
  run.child.kill('SIGTERM');
  assert.deepEqual(await run.ended, [0, null]);
  const summary = JSON.parse(await run.stdout) as LoadSummary;
  assert.ok(summary.acknowledged >= 1);
  assert.equal(summary.acknowledged, summary.sent);
});

test('F03 a result that cannot be written is a failure, and a message that cannot be written is not', () => {
  const main = new URL('./main.ts', import.meta.url).pathname;
  const runs = [
    ['--help >/dev/full', 1, 'orders: cannot write to standard output (ENOSPC)\n'],
    ['bake 2>/dev/full', 2, ''],
    ['--help 2>&-', 0, ''],
  ] as const;
  for (const [words, status, stderr] of runs) {
    const args = ['-c', `"$0" "$1" ${words}`, process.execPath, main];
    const run = spawnSync('sh', args, { encoding: 'utf8' });
    assert.deepEqual([run.status, run.stderr], [status, stderr], words);
  }
});
