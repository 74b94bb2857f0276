// scan.ts PREFIX TAG IMAGE...: waits for ECR's scans of both architectures, and prints `IMAGE=DIGEST` a line; fails where
// something critical was found. Runs without the project's dependencies, on Node 24.
import { setTimeout as sleep } from 'node:timers/promises';
import { awsCli } from './aws-cli.ts';
import { scannedDigests } from './image-scan.ts';

const [prefix, tag, ...images] = process.argv.slice(2);
if (prefix === undefined || tag === undefined || images.length === 0) {
  process.stderr.write('usage: node tools/release/scan.ts PREFIX TAG IMAGE...\n');
  process.exit(64);
}
try {
  const digests = await scannedDigests({
    prefix,
    tag,
    images,
    aws: awsCli,
    pause: () => sleep(10_000),
    say: (line) => process.stderr.write(`${line}\n`),
  });
  for (const [image, digest] of digests) process.stdout.write(`${image}=${digest}\n`);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}
