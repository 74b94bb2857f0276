import type { FuzzFormat } from './fuzz-format.ts';
import type { Disagreement, Tally } from './run-cases.ts';

/** The small input, both answers with their reasons, and the command that runs the case again. */
export function printDisagreement(
  { name, print }: FuzzFormat,
  seed: number,
  { number, kind, input, difference }: Disagreement,
): string {
  const { question, java, ours, comparedWith, reasons } = difference;
  const why = Object.entries(reasons)
    .filter(([about, reason]) => about.startsWith(question) && reason !== '')
    .map(([about, reason]) => `  ${about}: ${reason.slice(0, 400)}`);
  return [
    `\n${name} case ${number}: ${kind}`,
    print(input),
    `  question: ${question}`,
    `  ${comparedWith}: ${java}`,
    `  this project: ${ours}`,
    ...why,
    `  again: npm run fuzz -- --seed ${seed} --format ${name} --only ${number}\n`,
  ].join('\n');
}

/** The counts of one format. */
export function printTally(
  format: string,
  seed: number,
  { cases, answers, seconds, named, kinds }: Tally,
): string {
  const lines = [...kinds].map(([kind, count]) => `  disagree: ${count} × ${kind}`);
  for (const [name, count] of named) lines.push(`  named by README: ${count} × ${name}`);
  const rate = (cases / seconds).toFixed(0);
  return [
    `${format}: ${cases} cases of seed ${seed}, ${answers} equal answers, ${seconds.toFixed(1)} s, ${rate} cases/s`,
    ...lines,
    '',
  ].join('\n');
}
