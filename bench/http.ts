// `npm run bench:http` compares POST /orders of the shipped service with a no-op route. wrk makes the load, in pairs of runs
// (A B B A …). Options: --connections 128 (comma list), --rounds 7, --seconds 5, --warm 25 (seconds of load before the first
// pair), --idle 0 (seconds between start and load), --env NAME=VALUE for the service (repeatable). Requires Linux and an
// otherwise idle machine.
import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs, promisify } from 'node:util';
import { startChild } from '@order-stream/local-stack/child';
import { startGlueLocal } from '@order-stream/local-stack/glue-local';
import { startFastBroker } from '@order-stream/local-stack/kafka-broker';
import { freePort } from '@order-stream/local-stack/ports';
import { startProducer } from '@order-stream/local-stack/producer';
import { reportAndExit, StackFault } from '@order-stream/local-stack/stack-fault';
import { createTopic } from '@order-stream/local-stack/topics';
import { cpuSeconds, median, peakRssMiB } from './process-usage.ts';

const { values } = parseArgs({
  options: {
    connections: { type: 'string', default: '128' },
    rounds: { type: 'string', default: '7' },
    seconds: { type: 'string', default: '5' },
    // A new broker compiles its code on the same cores. Without a warm-up the ratio is a fifth lower.
    warm: { type: 'string', default: '25' },
    idle: { type: 'string', default: '0' },
    env: { type: 'string', multiple: true, default: [] },
  },
});
const run = promisify(execFile);

const script = `
wrk.method = "POST"
wrk.headers["content-type"] = "application/json"
wrk.body = '{"ordered_at":1680745813045,"user_id":"dicxa","order_items":[{"product_id":5947,"quantity":8}]}'
done = function(summary, latency)
  io.write(string.format("RESULT %d %d %.3f %.3f\\n", summary.requests, summary.errors.status, latency:percentile(50) / 1000, latency:percentile(99) / 1000))
end
`;

interface Run {
  perSecond: number;
  p50Ms: number;
  p99Ms: number;
  cpuMicros: number;
}

async function load(
  url: string,
  pid: number,
  connections: number,
  folder: string,
  seconds = Number(values.seconds),
): Promise<Run> {
  const cpuBefore = cpuSeconds(pid);
  const wrk = await run('wrk', [
    '-t1',
    `-c${connections}`,
    `-d${seconds}s`,
    '-s',
    join(folder, 'order.lua'),
    `${url}/orders`,
  ]);
  const [requests, failed, p50Ms, p99Ms] = (/RESULT (.+)/.exec(wrk.stdout)?.[1] ?? '')
    .split(' ')
    .map(Number) as [number, number, number, number];
  if (!(requests > 0) || failed > 0)
    throw new StackFault(`wrk: ${failed} answers had an error status\n${wrk.stdout}${wrk.stderr}`);
  return {
    perSecond: requests / seconds,
    p50Ms,
    p99Ms,
    cpuMicros: ((cpuSeconds(pid) - cpuBefore) / requests) * 1e6,
  };
}

async function main(): Promise<void> {
  if (spawnSync('wrk', ['-v']).error)
    throw new StackFault('wrk is not installed: install it (Debian: apt-get install wrk).');
  const folder = mkdtempSync(join(tmpdir(), 'order-stream-bench-'));
  writeFileSync(join(folder, 'order.lua'), script);
  const broker = await startFastBroker();
  const registry = await startGlueLocal();
  const topic = await createTopic(broker.bootstrapServers);
  const producer = await startProducer({
    bootstrapServers: broker.bootstrapServers,
    registry,
    topic,
    // The flags of the service's image.
    env: {
      NODE_OPTIONS: '--max-semi-space-size=16',
      ...Object.fromEntries(values.env.map((one) => one.split(/=(.*)/s, 2))),
    },
  });
  const noOpPort = await freePort();
  const noOp = await startChild({
    name: 'no-op',
    command: process.execPath,
    args: [join(import.meta.dirname, 'no-op-server.ts'), String(noOpPort)],
  });
  try {
    await noOp.waitForLine(/listening/, 20_000);
    const noOpUrl = `http://127.0.0.1:${noOpPort}`;
    await delay(Number(values.idle) * 1_000);
    const warm = Number(values.warm);
    if (warm > 0) await load(producer.url, producer.pid, 128, folder, warm);
    for (const connections of values.connections.split(',').map(Number)) {
      const runNoOp = () => load(noOpUrl, noOp.pid, connections, folder);
      const runService = () => load(producer.url, producer.pid, connections, folder);
      await runNoOp();
      await runService();
      const pairs: [Run, Run][] = [];
      for (let round = 0; round < Number(values.rounds); round += 1) {
        const early = round % 2 === 1 ? await runService() : undefined;
        const floor = await runNoOp();
        pairs.push([floor, early ?? (await runService())]);
      }
      const of = (side: 0 | 1, figure: keyof Run) =>
        median(pairs.map((pair) => pair[side][figure]));
      const ratios = pairs.map(([floor, service]) => service.perSecond / floor.perSecond);
      const line = (name: string, side: 0 | 1) =>
        process.stdout.write(
          `${name.padEnd(8)} ${Math.round(of(side, 'perSecond'))}/s  p50 ${of(side, 'p50Ms')} ms  p99 ${of(side, 'p99Ms')} ms  ${of(side, 'cpuMicros').toFixed(1)} µs CPU a request\n`,
        );
      process.stdout.write(`${connections} connections\n`);
      line('no-op', 0);
      line('service', 1);
      process.stdout.write(
        `ratio    ${median(ratios).toFixed(2)} (median of ${ratios.map((one) => one.toFixed(2)).join(' ')})\n`,
      );
    }
    process.stdout.write(
      `peak RSS no-op ${Math.round(peakRssMiB(noOp.pid))} MiB, service ${Math.round(peakRssMiB(producer.pid))} MiB\n`,
    );
  } finally {
    await noOp.stop();
    await producer.stop();
    await registry.close();
    await broker.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

main().then(() => process.exit(0), reportAndExit);
