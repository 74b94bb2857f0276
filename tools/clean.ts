// `npm run clean`: removes what the local stack wrote.
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { volumePrefix } from './local-kafka.ts';
import { requireNotRunning } from './running.ts';
import { reportAndExit } from './stack-fault.ts';
import { stateFolder } from './state-folder.ts';

try {
  requireNotRunning();
  rmSync(stateFolder, { recursive: true, force: true });
  const list = ['volume', 'ls', '--quiet', '--filter', `name=${volumePrefix}`];
  const volumes = spawnSync('docker', list, { encoding: 'utf8', timeout: 10_000 });
  const names = volumes.status === 0 ? volumes.stdout.split('\n').filter(Boolean) : [];
  if (names.length > 0) spawnSync('docker', ['volume', 'rm', ...names], { timeout: 30_000 });
  process.stdout.write('Removed .order-stream and all that the local stack kept.\n');
} catch (error) {
  reportAndExit(error);
}
