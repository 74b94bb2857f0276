import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { promisify } from 'node:util';
import { root } from '@order-stream/local-stack/state-folder';

const folder = join(root, 'docker/connect');
const image = `order-stream-connect-plugins-${process.pid}`;
const run = promisify(execFile);

async function docker(...args: string[]): Promise<string> {
  const { stdout } = await run('docker', args, { maxBuffer: 64 * 1024 * 1024 });
  return stdout.trim();
}

after(() => docker('image', 'rm', '--force', image));

const checksums = () => readFileSync(join(folder, 'jars.sha256'), 'utf8');

test('S3-15 a plugin’s jar whose checksum is not the listed one stops the build of the worker, and no image is made', async (context) => {
  const changed = mkdtempSync(join(tmpdir(), 'order-stream-connect-'));
  context.after(() => rmSync(changed, { recursive: true }));
  cpSync(folder, changed, { recursive: true });
  const other = '0'.repeat(64);
  const list = checksums().replace(/^\S+(?= {2}plugins\/glue-converter\/)/m, other);
  assert.notEqual(list, checksums());
  writeFileSync(join(changed, 'jars.sha256'), list);
  const named = `${image}:changed`;
  await assert.rejects(
    docker('build', '--progress=plain', '--target', 'plugins', '--tag', named, changed),
    new RegExp(
      `< ${other} {2}plugins/glue-converter/\\S+\\.jar[^]*> [0-9a-f]{64} {2}plugins/glue-converter`,
    ),
  );
  await assert.rejects(docker('image', 'inspect', named), /no such image/i);
});

test('S3-15 the worker’s image holds the listed jars, the lists of classes that Kafka’s own tool adds, and no other jar', async () => {
  await docker('build', '--quiet', '--tag', image, folder);
  const list = 'cd / && find opt/kafka/plugins opt/connect -name "*.jar" -exec sha256sum {} +';
  const seen = (await docker('run', '--rm', '--entrypoint', 'bash', image, '-c', list)).split('\n');
  const isAdded = (line: string) => line.endsWith('/connect-plugin-path-shim-1.0.0.jar');
  const asListed = (line: string) =>
    line
      .replace('  opt/kafka/plugins/', '  plugins/')
      .replace('  opt/connect/classpath/', '  classpath/')
      .replace('  opt/connect/', '  agent/');
  assert.deepEqual(
    seen
      .filter((line) => !isAdded(line))
      .map(asListed)
      .sort(),
    checksums().trim().split('\n').sort(),
  );
});
