// `npm run mutate -- FILE[:LINE]… [--sample N] [--seed S]`: mutation testing. Changes one small thing at a time and runs
// the tests beside the code, which must fail. Prints each mutant that the tests do not notice, and the share that they notice.
import { relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from '@order-stream/local-stack/state-folder';
import { createCompiler } from './mutation/compiler.ts';
import { mutateFile } from './mutation/mutate-file.ts';

const { values, positionals } = parseArgs({
  options: {
    sample: { type: 'string', default: 'Infinity' },
    seed: { type: 'string', default: '1' },
  },
  allowPositionals: true,
});
const sample = Number(values.sample);
const seed = Number(values.seed);
if (positionals.length === 0 || !(sample >= 1) || !Number.isSafeInteger(seed)) {
  console.error('usage: npm run mutate -- FILE[:LINE]… [--sample N] [--seed S]');
  process.exit(64);
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.once(signal, () => process.exit(130));
const compiler = createCompiler(root);
const all = { killed: 0, survived: 0 };
try {
  for (const target of positionals) {
    const [path, line] = target.split(':') as [string, string?];
    const file = resolve(path);
    const only = line === undefined ? {} : { line: Number(line) };
    const name = relative(root, file);
    const tally = await mutateFile({ root, compiler, file, sample, seed, ...only }, (found) => {
      if (found.outcome !== 'failed')
        console.log(
          `${found.outcome === 'passed' ? 'survived' : 'timeout'} ${name}:${found.line} ${found.change}`,
        );
    });
    all.killed += tally.killed;
    all.survived += tally.survived;
    console.log(
      `${name}: ${share(tally)}; ${tally.timeouts} by the time limit, ` +
        `${tally.rejected} do not compile, ${tally.untried} not tried`,
    );
  }
} finally {
  compiler.close();
}
if (positionals.length > 1) console.log(`all files: ${share(all)}`);

function share({ killed, survived }: { killed: number; survived: number }): string {
  const total = killed + survived;
  return `${killed} of ${total} killed (${((100 * killed) / Math.max(total, 1)).toFixed(1)} %)`;
}
