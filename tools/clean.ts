// `npm run clean`: removes what the local stack wrote.
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { volumePrefix } from '@order-stream/local-stack/local-kafka';
import { reportAndExit, StackFault } from '@order-stream/local-stack/stack-fault';
import { stateFolder } from '@order-stream/local-stack/state-folder';
import { requireNotRunning } from './running-stack.ts';

try {
  requireNotRunning();
  const list = ['volume', 'ls', '--quiet', '--filter', `name=${volumePrefix}`];
  const volumes = spawnSync('docker', list, { encoding: 'utf8', timeout: 10_000 });
  const names = volumes.status === 0 ? volumes.stdout.split('\n').filter(Boolean) : [];
  if (names.length > 0) {
    const removal = spawnSync('docker', ['volume', 'rm', ...names], {
      encoding: 'utf8',
      timeout: 30_000,
    });
    // Kafka's records without the registry that explains them would be worse than either.
    if (removal.status !== 0)
      throw new StackFault(`Nothing was removed, Docker keeps a volume: ${removal.stderr.trim()}`);
  }
  rmSync(stateFolder, { recursive: true, force: true });
  process.stdout.write('Removed .order-stream and all that the local stack kept.\n');
} catch (error) {
  reportAndExit(error);
}
