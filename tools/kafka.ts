// `npm run kafka` runs one broker in the foreground. KAFKA_RUNTIME, KAFKA_PORT and KAFKA_VERSION configure it.
// `npm run kafka -- kafka-topics.sh --list` runs one of Kafka's own commands on the local broker.
import { runKafkaCommand } from '@order-stream/local-stack/kafka-command';
import { type LocalKafka, startLocalKafka } from '@order-stream/local-stack/local-kafka';
import { reportAndExit } from '@order-stream/local-stack/stack-fault';
import { progressMark } from './stack-parts.ts';

const say = (line: string) => process.stderr.write(`${line}\n`);
const onProgress = (text: string) => say(`${progressMark}${text}`);

let kafka: LocalKafka | undefined;
const received = new Set<NodeJS.Signals>();
const isStopping = () => received.size > 0;
const stop = (signal: NodeJS.Signals) => {
  // During download and start, and at a second signal, exit at once. The broker's process is then killed with this one.
  // A terminal's Ctrl-C reaches this process and `npm start`, which sends SIGTERM too: that is not a second request.
  if (kafka === undefined || received.has(signal)) process.exit(130);
  if (!isStopping()) void kafka.stop();
  received.add(signal);
};
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
// A parent process that is killed sends no signal. Without this check, the broker would outlive it.
const parent = process.ppid;
setInterval(() => process.ppid !== parent && !isStopping() && stop('SIGTERM'), 1_000).unref();

try {
  const command = process.argv.slice(2);
  if (command.length > 0) process.exit(await runKafkaCommand(command, process.env, onProgress));
  kafka = await startLocalKafka(process.env, { onProgress, onLine: say });
  onProgress(`Kafka ${kafka.version} (${kafka.runtime}) listens on ${kafka.bootstrapServers}`);
  say(`To pause it: ${kafka.pause}; to resume it: ${kafka.resume}`);
  const { code } = await kafka.child.exited;
  process.exit(isStopping() ? 0 : (code ?? 1));
} catch (error) {
  reportAndExit(error);
}
