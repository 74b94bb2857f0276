// `npm run bench:glue-local` fills glue-local with schemas, and measures registration, GetSchemaVersion by id, pages of lists
// and memory as it grows. The baseline is a Fastify route that answers the same bytes; the runs alternate (A B B A …).
// Options: --schemas 10000, --versions 10, --reads 20000, --rounds 5, --connections 1,16, --database file (or :memory:).
// Requires Linux and an otherwise idle machine.
import { randomInt } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startChild } from '@order-stream/local-stack/child';
import { freePort } from '@order-stream/local-stack/ports';
import { reportAndExit } from '@order-stream/local-stack/stack-fault';
import { definitionOf, type Format } from './glue-definitions.ts';
import { createGlueLoad, type GlueLoad, percentile } from './glue-load.ts';
import { cpuSeconds, median, peakRssMiB, rssMiB } from './process-usage.ts';

const { values } = parseArgs({
  options: {
    schemas: { type: 'string', default: '10000' },
    versions: { type: 'string', default: '10' },
    reads: { type: 'string', default: '20000' },
    rounds: { type: 'string', default: '5' },
    connections: { type: 'string', default: '1,16' },
    database: { type: 'string', default: 'file' },
  },
});
const schemas = Number(values.schemas);
const versions = Number(values.versions);
const reads = Number(values.reads);
const pageSize = 100;

/** Half of the schemas in each, so that a list of one has to pass over the other. */
const registries = ['bench.a', 'bench.b'] as const;
const glueLocal = join(import.meta.dirname, '../packages/glue-local/src/main.ts');

const print = (line: string) => process.stdout.write(`${line}\n`);
const ms = (value: number) => `${value.toFixed(2)} ms`;

async function startServer(name: string, file: string, args: string[], ready: string) {
  const startedAt = performance.now();
  const child = await startChild({ name, command: process.execPath, args: [file, ...args] });
  for (;;) {
    try {
      await fetch(ready);
      return { child, readyMs: performance.now() - startedAt };
    } catch {
      if (!child.running()) throw new Error(`${name} ended: ${child.lastLines().join('\n')}`);
    }
  }
}

function formatOf(schema: number): Format {
  const digit = schema % 10;
  return digit === 8 ? 'JSON' : digit === 9 ? 'PROTOBUF' : 'AVRO';
}

/** Registers some schemas with all their versions. Returns the ids of the versions. */
async function fill(load: GlueLoad, from: number, to: number): Promise<string[]> {
  const ids: string[] = [];
  await load.run(to - from, async (index) => {
    const schema = from + index;
    const format = formatOf(schema);
    const key = {
      RegistryName: registries[schema % registries.length],
      SchemaName: `topic-${String(schema).padStart(6, '0')}-value`,
    };
    const created = await load.call('CreateSchema', {
      RegistryId: { RegistryName: key.RegistryName },
      SchemaName: key.SchemaName,
      DataFormat: format,
      Compatibility: 'BACKWARD',
      SchemaDefinition: definitionOf(format, schema, 1),
    });
    ids.push(created.SchemaVersionId as unknown as string);
    for (let version = 2; version <= versions; version += 1) {
      const registered = await load.call('RegisterSchemaVersion', {
        SchemaId: key,
        SchemaDefinition: definitionOf(format, schema, version),
      });
      if (registered.Status !== 'AVAILABLE') throw new Error(`${format}: ${registered.Status}`);
      ids.push(registered.SchemaVersionId as unknown as string);
    }
  });
  return ids;
}

/** The time of each page of a list, from the first to the last. */
async function timePages(load: GlueLoad, input: object): Promise<Float64Array> {
  const times: number[] = [];
  let NextToken: string | undefined;
  do {
    const startedAt = performance.now();
    const page = await load.call('ListSchemas', { ...input, MaxResults: pageSize, NextToken });
    times.push(performance.now() - startedAt);
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
  return Float64Array.from(times);
}

/** The first, middle and last tenth of the pages, each the median of several runs through the list. */
async function measurePages(load: GlueLoad, name: string, input: object) {
  const runs: Float64Array[] = [];
  for (let round = 0; round < Number(values.rounds) * 2; round += 1)
    runs.push(await timePages(load, input));
  const pages = Array.from(runs[0] ?? [], (_, page) => median(runs.map((run) => run[page] ?? 0)));
  const tenth = Math.max(1, Math.floor(pages.length / 10));
  const middle = Math.floor((pages.length - tenth) / 2);
  const [first, half, last] = [0, middle, pages.length - tenth].map((from) =>
    median(pages.slice(from, from + tenth)),
  ) as [number, number, number];
  print(
    `${name.padEnd(24)} ${pages.length} pages of ${pageSize}: first tenth ${ms(first)}, middle ${ms(half)}, last ${ms(last)} (last/first ${(last / first).toFixed(2)})`,
  );
}

async function measureReads(
  registry: { url: string; pid: number },
  baseline: { url: string; pid: number },
  ids: readonly string[],
  connections: number,
) {
  const sides = [baseline, registry].map(({ url, pid }) => ({
    load: createGlueLoad(url, connections),
    pid,
    p50: [] as number[],
    p99: [] as number[],
    cpuMicros: [] as number[],
  }));
  const measure = async (side: (typeof sides)[number]) => {
    const cpuBefore = cpuSeconds(side.pid);
    const times = await side.load.run(reads, () =>
      side.load.send('GetSchemaVersion', { SchemaVersionId: ids[randomInt(ids.length)] }),
    );
    side.cpuMicros.push(((cpuSeconds(side.pid) - cpuBefore) * 1e6) / reads);
    side.p50.push(percentile(times, 0.5));
    side.p99.push(percentile(times, 0.99));
  };
  for (let round = -1; round < Number(values.rounds); round += 1) {
    for (const side of round % 2 === 0 ? sides : sides.toReversed()) await measure(side);
    // The first round warms up.
    if (round === -1)
      for (const { p50, p99, cpuMicros } of sides) p50.length = p99.length = cpuMicros.length = 0;
  }
  const [bare, real] = sides.map(({ load, p50, p99, cpuMicros }) => {
    load.close();
    return { p50: median(p50), p99: median(p99), worst: Math.max(...p99), cpu: median(cpuMicros) };
  }) as [Figures, Figures];
  for (const [name, side] of [
    ['same answer', bare],
    ['glue-local', real],
  ] as const) {
    print(
      `GetSchemaVersion, ${connections} connection${connections > 1 ? 's' : ''}, ${name.padEnd(11)} p50 ${ms(side.p50)}  p99 ${ms(side.p99)} (worst round ${ms(side.worst)})  ${side.cpu.toFixed(0)} µs CPU a request`,
    );
  }
  print(
    `  ratios: p50 ${(real.p50 / bare.p50).toFixed(2)}  p99 ${(real.p99 / bare.p99).toFixed(2)}  CPU ${(real.cpu / bare.cpu).toFixed(2)}`,
  );
}

interface Figures {
  p50: number;
  p99: number;
  worst: number;
  cpu: number;
}

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'order-stream-bench-'));
  const database = values.database === 'file' ? join(folder, 'registry.sqlite') : values.database;
  const [port, barePort] = [await freePort(), await freePort()];
  const url = `http://127.0.0.1:${port}`;
  const args = ['--port', String(port), '--database', database, '--no-limits'];
  const { child, readyMs } = await startServer('glue-local', glueLocal, args, `${url}/healthz`);
  let bare: Awaited<ReturnType<typeof startServer>> | undefined;
  const load = createGlueLoad(url, 16);
  const rss = () => `${Math.round(rssMiB(child.pid))} MiB`;
  try {
    print(`ready after ${Math.round(readyMs)} ms, RSS ${rss()}`);
    for (const RegistryName of registries) await load.call('CreateRegistry', { RegistryName });
    const ids: string[] = [];
    const steps = [schemas / 10, schemas / 2, schemas].map(Math.round);
    for (const [index, to] of steps.entries()) {
      const from = steps[index - 1] ?? 0;
      const startedAt = performance.now();
      ids.push(...(await fill(load, from, to)));
      const each = (performance.now() - startedAt) / ((to - from) * versions);
      print(
        `${to} schemas, ${ids.length} versions: RSS ${rss()}, ${ms(each)} a registration since ${from}`,
      );
    }
    writeFileSync(
      join(folder, 'answer.json'),
      await load.send('GetSchemaVersion', { SchemaVersionId: ids[0] }),
    );
    const bareUrl = `http://127.0.0.1:${barePort}`;
    const bareFile = join(import.meta.dirname, 'same-answer-server.ts');
    const bareArgs = [String(barePort), join(folder, 'answer.json')];
    bare = await startServer('same answer', bareFile, bareArgs, bareUrl);
    for (const connections of values.connections.split(',').map(Number)) {
      const registry = { url, pid: child.pid };
      await measureReads(registry, { url: bareUrl, pid: bare.child.pid }, ids, connections);
    }
    print(
      `after ${reads * (Number(values.rounds) + 1) * values.connections.split(',').length} reads: RSS ${rss()}`,
    );
    await measurePages(load, 'ListSchemas of all', {});
    for (const RegistryName of registries) {
      await measurePages(load, `ListSchemas of ${RegistryName}`, { RegistryId: { RegistryName } });
    }
    print(`at the end: RSS ${rss()}, peak ${Math.round(peakRssMiB(child.pid))} MiB`);
  } finally {
    load.close();
    await bare?.child.stop();
    await child.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

main().then(() => process.exit(0), reportAndExit);
