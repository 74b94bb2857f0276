import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { root } from '@order-stream/local-stack/state-folder';
import { localWorker } from './connector-definitions.ts';
import { fetchJavaLibrary } from './java-library.ts';

const converter = 'schema-registry-kafkaconnect-converter-1.1.9.jar';
const work = mkdtempSync(join(tmpdir(), 'connect-plugin-test-'));
after(() => rmSync(work, { recursive: true }));

/** The plugins of docker/connect as far as this test needs them: the real converter. */
const plugins = join(work, 'plugins');
before(async () => {
  mkdirSync(join(plugins, 'glue-converter'), { recursive: true });
  const jars = await fetchJavaLibrary(localWorker);
  cpSync(join(jars, converter), join(plugins, 'glue-converter', converter));
});

const makeZip = (...args: string[]) =>
  spawnSync(
    process.execPath,
    [join(root, 'tools/release/connect-plugin.ts'), '--plugins', plugins, ...args],
    { encoding: 'utf8' },
  );

test('S2-13 the zip has the converter with the checksum of docker/connect, and added jars, as Java reads it', () => {
  const added = join(work, 'provider');
  mkdirSync(added);
  const jar = Buffer.from('content of a provider');
  writeFileSync(join(added, 'provider.jar'), jar);
  const sum = createHash('sha256').update(jar).digest('hex');
  writeFileSync(join(added, 'sums'), `${sum}  provider.jar\n`);
  const zip = join(work, 'out', 'plugin.zip');
  const more = ['--add', added, '--checksums', join(added, 'sums')];
  const { status, stdout, stderr } = makeZip(
    '--plugin',
    'glue-converter',
    ...more,
    '--output',
    zip,
  );
  assert.equal(status, 0, stderr);
  assert.match(stdout, /: 2 jars, \d+ bytes, SHA-256 [0-9a-f]{64}\n$/);
  const unpacked = join(work, 'unpacked');
  mkdirSync(unpacked);
  const java = process.env.JAVA_HOME ? join(process.env.JAVA_HOME, 'bin', 'jar') : 'jar';
  execFileSync(java, ['--extract', '--file', zip], { cwd: unpacked });
  assert.deepEqual(readdirSync(unpacked).sort(), ['provider.jar', converter].sort());
  const bytes = readFileSync(join(unpacked, converter));
  const listed = readFileSync(join(root, 'docker/connect/jars.sha256'), 'utf8');
  const actual = createHash('sha256').update(bytes).digest('hex');
  assert.ok(listed.includes(`${actual}  plugins/glue-converter/${converter}`));
  assert.deepEqual(readFileSync(join(unpacked, 'provider.jar')), jar);
});

test('S2-13 an added jar without its checksum and a plugin with another jar are rejected', () => {
  const output = ['--output', join(work, 'none.zip')];
  const sums = join(work, 'provider', 'other-sums');
  writeFileSync(sums, `${'0'.repeat(64)}  provider.jar\n`);
  const more = ['--add', join(work, 'provider'), '--checksums', sums];
  const changed = makeZip('--plugin', 'glue-converter', ...more, ...output);
  assert.equal(changed.status, 1);
  assert.match(changed.stderr, /provider\.jar has [0-9a-f]{64}, expected 0{64}/);
  const unknown = makeZip('--plugin', 'no-such-plugin', ...output);
  assert.match(unknown.stderr, /docker\/connect has no plugin no-such-plugin/);
  assert.ok(!readdirSync(work).includes('none.zip'));
});
