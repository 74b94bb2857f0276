// `npm run kafka`: one broker in the foreground. KAFKA_RUNTIME, KAFKA_PORT, KAFKA_VERSION.
import { startLocalKafka } from './local-kafka.ts';
import { reportAndExit } from './stack-fault.ts';

const say = (line: string) => process.stderr.write(`${line}\n`);

try {
  const kafka = await startLocalKafka(process.env, { onProgress: say, onLine: say });
  say(`Kafka ${kafka.version} (${kafka.runtime}) listens on ${kafka.bootstrapServers}`);
  let stopping = false;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => {
      // A second signal: the developer will not wait.
      if (stopping) kafka.child.kill('SIGKILL');
      else void kafka.stop();
      stopping = true;
    });
  const { code } = await kafka.child.exited;
  process.exit(stopping ? 0 : (code ?? 1));
} catch (error) {
  reportAndExit(error);
}
