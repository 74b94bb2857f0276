// scan.ts PREFIX TAG IMAGE...: waits for ECR's scans of both architectures and prints a line `IMAGE=DIGEST` for each image.
// Fails on a critical finding. Needs Node 24 and none of the project's dependencies.
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
    report: (line) => process.stderr.write(`${line}\n`),
  });
  for (const [image, digest] of digests) process.stdout.write(`${image}=${digest}\n`);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}
