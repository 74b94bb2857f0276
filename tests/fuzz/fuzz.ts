// `npm run fuzz -- [--seed N] [--count M | --minutes M] [--format avro,json,json-verdict,protobuf] [--only CASE]`: compares random cases
// with the official Java libraries. Prints each disagreement as a small input with both answers.
import { parseArgs } from 'node:util';
import { fuzzFormats } from './formats.ts';
import { type FormatName, formatNames } from './fuzz-format.ts';
import { startJavaTwin } from './java-twin.ts';
import { printDisagreement, printTally } from './print-tally.ts';
import { runCases } from './run-cases.ts';

const values = readFlags();
const seed = Number(values.seed);
const minutes = values.minutes === undefined ? undefined : Number(values.minutes);
const count = Number(values.count ?? (minutes === undefined ? 1000 : Number.POSITIVE_INFINITY));
const only = values.only === undefined ? undefined : Number(values.only);
const shownOfKind = Number(values.shown);
const formats = values.format.split(',') as FormatName[];
const isValid =
  Number.isSafeInteger(seed) &&
  count > 0 &&
  (minutes === undefined || minutes > 0) &&
  (only === undefined || Number.isSafeInteger(only)) &&
  formats.every((name) => formatNames.includes(name));
if (!isValid) exitWithUsage();

// The Java process ends with this one.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.once(signal, () => process.exit(130));

const java = await startJavaTwin();
let failed = 0;
for (const name of formats) {
  const ends =
    minutes === undefined
      ? Number.POSITIVE_INFINITY
      : performance.now() + (minutes * 60_000) / formats.length;
  const tally = await runCases(fuzzFormats[name], java, {
    seed,
    numbers: only === undefined ? numbersUpTo(count) : [only],
    isOver: () => performance.now() > ends,
    shownOfKind,
  });
  for (const one of tally.disagreements)
    process.stdout.write(printDisagreement(fuzzFormats[name], seed, one));
  process.stdout.write(printTally(name, seed, tally));
  for (const cases of tally.kinds.values()) failed += cases;
}
await java.close();
process.stdout.write(failed === 0 ? 'no disagreements\n' : `${failed} disagreements\n`);
process.exitCode = failed === 0 ? 0 : 1;

function readFlags() {
  try {
    return parseArgs({
      options: {
        seed: { type: 'string', default: String(Math.floor(performance.timeOrigin) % 2 ** 31) },
        count: { type: 'string' },
        minutes: { type: 'string' },
        format: { type: 'string', default: formatNames.join() },
        only: { type: 'string' },
        shown: { type: 'string', default: '5' },
      },
    }).values;
  } catch {
    return exitWithUsage();
  }
}

function exitWithUsage(): never {
  process.stderr.write(
    `usage: npm run fuzz -- [--seed N] [--count N] [--minutes N] [--format ${formatNames.join()}] [--only CASE] [--shown N]\n`,
  );
  process.exit(64);
}

function* numbersUpTo(end: number): Generator<number> {
  for (let number = 1; number <= end; number += 1) yield number;
}
