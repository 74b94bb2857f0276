// `run-tests.ts CONCURRENCY TIMEOUT_MS FILE…` for `tools/test.ts`. Unlike `node --test`, it starts the files in the given order.
import { run } from 'node:test';
import report from './test-reporter.ts';

const [concurrency, timeout, ...files] = process.argv.slice(2);
run({ files, concurrency: Number(concurrency), timeout: Number(timeout) })
  .once('test:fail', () => {
    process.exitCode = 1;
  })
  .compose(report)
  .pipe(process.stdout);
