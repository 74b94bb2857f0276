// deploy.ts PREFIX SERVICE=IMAGE@DIGEST...: deploys the services of an environment in this order with the AWS CLI, waits
// until each is steady, and rolls back if one does not start. Needs Node 24 and none of the project's dependencies.
import { setTimeout as sleep } from 'node:timers/promises';
import { awsCli } from './aws-cli.ts';
import { deployRelease } from './deployment.ts';

const [prefix, ...pairs] = process.argv.slice(2);
const images = new Map(
  pairs.map((pair) => {
    const [service = '', image = ''] = pair.split(/=(.*)/s);
    return [service, image];
  }),
);
if (prefix === undefined || images.size === 0 || [...images.values()].includes('')) {
  process.stderr.write(
    'usage: node tools/release/deploy.ts PREFIX SERVICE=IMAGE@sha256:DIGEST...\n',
  );
  process.exit(64);
}

try {
  await deployRelease({
    prefix,
    images,
    aws: awsCli,
    pause: () => sleep(10_000),
    report: (line) => process.stdout.write(`${line}\n`),
  });
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}
