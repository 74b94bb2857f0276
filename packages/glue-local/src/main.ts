import { readSettings, usage } from './command-line.ts';
import { createGlueLocal } from './glue-local.ts';

const read = readSettings(process.argv.slice(2), process.env);
if ('help' in read) {
  process.stdout.write(usage);
  process.exit(0);
}
if ('faults' in read) {
  process.stderr.write(
    `${read.faults.map((fault) => `glue-local: ${fault}\n`).join('')}\n${usage}`,
  );
  process.exit(78);
}

const { port, host, databaseFile, pendingMs } = read.settings;
try {
  const app = createGlueLocal({ databaseFile, pendingMs, logger: { stream: process.stderr } });
  const stop = () => void app.close().then(() => process.exit(0));
  process.once('SIGTERM', stop).once('SIGINT', stop);
  await app.listen({
    port,
    host,
    listenTextResolver: (address) => `glue-local listens on ${address}, database ${databaseFile}`,
  });
} catch (error) {
  process.stderr.write(`glue-local: ${error instanceof Error ? error.message : error}\n`);
  process.exit(1);
}
