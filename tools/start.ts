// `npm start [-- --once]`: the whole path on this machine, from an order over HTTP to its decoded record.
import { createWriteStream, mkdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import {
  type Child,
  type ChildExit,
  type Stream,
  startChild,
} from '@order-stream/local-stack/child';
import { referenceOrder } from '@order-stream/local-stack/reference-order';
import { printError, reportAndExit, StackFault } from '@order-stream/local-stack/stack-fault';
import { root, stateFolder } from '@order-stream/local-stack/state-folder';
import { markRunning, requireNotRunning } from './running-stack.ts';
import {
  describeStack,
  freePorts,
  ignoredVariables,
  type Part,
  type Ports,
  progressMark,
} from './stack-parts.ts';
import { faultOf, waitsForOldMember, watchParts } from './stack-watch.ts';

const readyTimeoutMs = 60_000;
const waitingText = 'waiting for the old group member';

const once = onceAsked(process.argv.slice(2));
const say = (line: string) => process.stderr.write(`${line}\n`);
const logs = join(stateFolder, 'logs');
const running: Child[] = [];
let stopping: Promise<void> | undefined;
/** True after the first decoded order. From then on, a part that ends does not end the others. */
let up = false;

// Without this, a closed terminal would prevent the stop of the processes.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.on(signal, async () => {
    // The second signal ends everything immediately.
    if (stopping !== undefined) process.exit(130);
    await stopAll();
    process.exit(once ? 130 : 0);
  });

try {
  await start();
} catch (error) {
  await fail(error);
}

function onceAsked(options: string[]): boolean {
  const unknown = options.find((option) => option !== '--once');
  if (unknown === undefined) return options.length > 0;
  return reportAndExit(new StackFault(`npm start: expected no option or --once, got ${unknown}.`));
}

async function fail(error: unknown): Promise<void> {
  // While stopping, every pending wait fails. These errors are not reported.
  if (stopping !== undefined) return;
  printError(error);
  await stopAll();
  process.exit(1);
}

async function start(): Promise<void> {
  requireNotRunning();
  const ports = await freePorts(process.env);
  mkdirSync(logs, { recursive: true });
  markRunning();
  const stack = describeStack(ports, process.env);
  const ignored = ignoredVariables(process.env);
  if (ignored.length > 0)
    say(`Not passed to the services of the local stack: ${ignored.join(', ')}`);
  const started = performance.now();
  // Kept until the first order is found; the stream may go on for hours.
  let printed: string[] | undefined = [];

  const kafka = await run(stack.kafka, (line) => {
    if (line.startsWith(progressMark)) say(line);
  });
  const glueLocal = await run(stack.glueLocal);
  await kafka.waitForLine(/Kafka .* listens on/, 600_000);
  const topics = await run(stack.topics);
  const producer = await run(stack.producer);
  const consumer = await run(stack.consumer, (line, stream) => {
    if (stream !== 'stdout') return;
    printed?.push(line);
    process.stdout.write(`${line}\n`);
  });
  const created = await topics.exited;
  if (created.code !== 0) throw died(topics, created.code);
  await settled(async () => {
    const fault = await faultOf(readyUrl(ports.producerManagement));
    return fault && `The producer is not ready after ${readyTimeoutMs / 1000} s: ${fault}`;
  });

  say(`Posting the first order to http://127.0.0.1:${ports.producer}/orders`);
  const response = await fetch(`http://127.0.0.1:${ports.producer}/orders`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(referenceOrder),
  });
  const answer = await response.text();
  if (response.status !== 201)
    throw new StackFault(`The first order was answered ${response.status}: ${answer}`);
  say(`${response.status} ${answer}`);
  const waits = () => waitsForOldMember(`127.0.0.1:${ports.kafka}`, stack.groupId);
  let isSaid = false;
  const slow = setInterval(async () => {
    if (isSaid || !(await waits()) || isSaid) return;
    isSaid = true;
    say(`The consumer is ${waitingText}: Kafka gives up a killed consumer after 30 s`);
  }, 3_000);
  const { partition, offset } = JSON.parse(answer) as { partition: number; offset: string };
  const isFirst = (line: string) => {
    const record = JSON.parse(line) as { partition: number; offset: number };
    return record.partition === partition && String(record.offset) === offset;
  };
  await settled(() =>
    printed?.some(isFirst)
      ? undefined
      : `The order was acknowledged but not decoded within ${readyTimeoutMs / 1000} s; see ${relative(root, join(logs, 'consumer.log'))}`,
  );
  clearInterval(slow);
  printed = undefined;
  say(`Decoded ${((performance.now() - started) / 1000).toFixed(1)} s after the start`);
  if (once) {
    await stopAll();
    process.exit(0);
  }
  up = true;
  const pausing = await kafka.waitForLine(/^To pause it: /, 10_000);
  const [, pauseKafka = '', resumeKafka] = /: (.*); .*: (.*)/.exec(pausing) ?? [];
  const stops = [
    [pauseKafka, `Kafka; ${resumeKafka} resumes it`],
    ...[glueLocal, producer, consumer].map(({ name, pid }) => [`kill ${pid}`, name] as const),
  ] as const;
  say(`
${table(ports, stack.topic)}

Another order, decoded here below:
  curl -i http://127.0.0.1:${ports.producer}/orders -H 'content-type: application/json' -d '{"user_id":"dicxa","order_items":[{"product_id":5947,"quantity":8}]}'

In a second terminal, stop a part and see what its absence does:
${stops.map(([command, what]) => `  ${command.padEnd(39)} ${what}`).join('\n')}

Ctrl-C ends everything; the data stays in .order-stream (\`npm run clean\` removes it).`);
  const explain = async (fault: string) =>
    fault.includes('has not joined the group') && (await waits()) ? `: ${waitingText}` : '';
  void watchParts(
    [
      { child: glueLocal, url: `http://127.0.0.1:${ports.glueLocal}/healthz` },
      { child: producer, url: readyUrl(ports.producerManagement) },
      { child: consumer, url: readyUrl(ports.consumerManagement), explain },
    ],
    (line) => stopping ?? say(line),
  );
}

async function run(part: Part, onLine?: (line: string, stream: Stream) => void): Promise<Child> {
  const log = createWriteStream(join(logs, `${part.script}.log`));
  const child = await startChild({
    name: part.name,
    command: process.execPath,
    args: [part.main, ...part.args],
    env: part.env,
    cwd: root,
    // Kafka's process ends its broker at the second SIGTERM; SIGKILL would leave the broker behind.
    ...(part.name === 'Kafka' ? { atOurExit: 'SIGTERM' } : {}),
    onLine: (line, stream) => {
      log.write(`${line}\n`);
      onLine?.(line, stream);
    },
  });
  if (stopping !== undefined) child.kill('SIGTERM');
  if (part.name === 'topics') return child;
  running.push(child);
  child.exited.then((exit) => (up ? tellEnd(part, exit) : fail(died(child, exit.code))));
  return child;
}

function died(child: Child, code: number | null): StackFault {
  const lines = child
    .lastLines()
    .filter((line) => !line.startsWith(progressMark))
    .slice(-12);
  // A single line is a message for the developer.
  if (lines.length === 1) return new StackFault(lines[0] as string);
  return new StackFault(
    `${child.name} has ended (exit code ${code}). Its last lines:\n  ${lines.join('\n  ')}`,
  );
}

function tellEnd(part: Part, { code, signal }: ChildExit): void {
  if (stopping !== undefined) return;
  say(`${part.name} has ended (${signal ?? `exit code ${code}`}); the other parts continue: ${part.absence}.
To start it again, in a second terminal: ${part.command}`);
}

/** Resolves when `check` reports no fault. @throws StackFault with its fault after `readyTimeoutMs` */
async function settled(
  check: () => string | undefined | Promise<string | undefined>,
): Promise<void> {
  const deadline = performance.now() + readyTimeoutMs;
  for (;;) {
    if (stopping !== undefined) throw new StackFault('stopping');
    const fault = await check();
    if (fault === undefined) return;
    if (performance.now() > deadline) throw new StackFault(fault);
    await pause(20);
  }
}

/** Stops the services first, so that they can flush, commit and leave their group. */
function stopAll(): Promise<void> {
  stopping ??= (async () => {
    if (running.length > 0) say('Stopping…');
    const isBelow = (child: Child) => child.name === 'Kafka' || child.name === 'glue-local';
    await Promise.all(running.filter((child) => !isBelow(child)).map((child) => child.stop()));
    await Promise.all(running.filter(isBelow).map((child) => child.stop()));
  })();
  return stopping;
}

function table(ports: Ports, topic: string): string {
  const at = (port: number, path = '') => `http://127.0.0.1:${port}${path}`;
  const rows = [
    ['producer', at(ports.producer, '/orders'), 'POST, application/json'],
    ['producer management', at(ports.producerManagement), '/healthz /readyz /metrics'],
    ['consumer management', at(ports.consumerManagement), '/healthz /readyz /metrics'],
    ['Kafka', `127.0.0.1:${ports.kafka}`, `topic ${topic} and its dead-letter topic`],
    ['glue-local', at(ports.glueLocal), 'AWS_ENDPOINT_URL_GLUE; its page in a browser'],
    ['logs', relative(root, logs), 'one file per process'],
  ] as const;
  return rows
    .map(([what, where, note]) => `  ${what.padEnd(21)}${where.padEnd(32)}${note}`)
    .join('\n');
}

function readyUrl(managementPort: number): string {
  return `http://127.0.0.1:${managementPort}/readyz`;
}
