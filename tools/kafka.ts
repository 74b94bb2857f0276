// `npm run kafka`: one broker in the foreground. KAFKA_RUNTIME, KAFKA_PORT, KAFKA_VERSION.
import { startLocalKafka } from './local-kafka.ts';
import { reportAndExit } from './stack-fault.ts';

const say = (line: string) => process.stderr.write(`${line}\n`);

try {
  const kafka = await startLocalKafka(process.env, { onProgress: say, onLine: say });
  say(`Kafka ${kafka.version} (${kafka.runtime}) listens on ${kafka.bootstrapServers}`);
  let stopping = false;
  const stop = () => {
    // A second signal: the developer will not wait.
    if (stopping) kafka.child.kill('SIGKILL');
    else void kafka.stop();
    stopping = true;
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
  // Whoever started this has died without a word: a broker must not outlive it unseen.
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    stop();
  }, 1_000);
  const { code } = await kafka.child.exited;
  process.exit(stopping ? 0 : (code ?? 1));
} catch (error) {
  reportAndExit(error);
}
