// connect-plugin.ts --plugin NAME... [--add FOLDER --checksums FILE] [--plugins FOLDER] --output FILE: makes the zip of a
// plugin for MSK Connect: the plugins of docker/connect with these names, such as debezium-connector-postgres and
// glue-converter, together in one zip, so that a connector finds its converter. The jars come from the build of docker/connect
// and are compared with its jars.sha256. --plugins takes them from a folder instead, which has a folder for each plugin.
//
// --add adds jars that Maven Central does not have, such as AWS's configuration provider or Confluent's S3 sink. Each must be
// in --checksums, a file of `sha256sum *.jar`.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from '@order-stream/local-stack/state-folder';
import { mergedJars, PluginRejectedError, readChecksums, verifiedJars } from './plugin-jars.ts';
import { storedZip } from './stored-zip.ts';

const { plugin, add, checksums, plugins, output } = parseArgs({
  options: {
    plugin: { type: 'string', multiple: true, default: [] },
    add: { type: 'string' },
    checksums: { type: 'string' },
    plugins: { type: 'string' },
    output: { type: 'string' },
  },
}).values;
if (
  plugin.length === 0 ||
  output === undefined ||
  (add === undefined) !== (checksums === undefined)
) {
  process.stderr.write(
    'usage: node tools/run.mjs tools/release/connect-plugin.ts --plugin NAME... [--add FOLDER --checksums FILE] [--plugins FOLDER] --output FILE\n',
  );
  process.exit(64);
}

const docker = (...args: string[]) =>
  execFileSync('docker', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] }).trim();

/** Copies the plugins into a folder, from the stage that fetches them: the image also has files that Kafka adds. */
function copyFromImage(folder: string): void {
  const image = docker('build', '--quiet', '--target', 'plugins', join(root, 'docker/connect'));
  const container = docker('create', image);
  try {
    docker('cp', `${container}:/plugins/.`, folder);
  } finally {
    docker('rm', container);
  }
}

const listed = readChecksums(join(root, 'docker/connect/jars.sha256'));
const temporary = mkdtempSync(join(tmpdir(), 'connect-plugin-'));
try {
  if (plugins === undefined) copyFromImage(temporary);
  const parts = plugin.map((name) => {
    const prefix = `plugins/${name}/`;
    const own = [...listed].filter(([path]) => path.startsWith(prefix));
    if (own.length === 0) throw new PluginRejectedError(`docker/connect has no plugin ${name}`);
    const sums = new Map(own.map(([path, sum]) => [basename(path), sum]));
    return verifiedJars(join(plugins ?? temporary, name), sums);
  });
  if (add !== undefined && checksums !== undefined)
    parts.push(
      verifiedJars(
        add,
        new Map([...readChecksums(checksums)].map(([path, sum]) => [basename(path), sum])),
      ),
    );
  const jars = mergedJars(parts);
  const zip = storedZip(jars);
  mkdirSync(dirname(output), { recursive: true });
  writeFileSync(output, zip);
  const sum = createHash('sha256').update(zip).digest('hex');
  process.stdout.write(`${output}: ${jars.length} jars, ${zip.length} bytes, SHA-256 ${sum}\n`);
} catch (error) {
  if (!(error instanceof PluginRejectedError)) throw error;
  process.stderr.write(`connect-plugin: ${error.message}\n`);
  process.exitCode = 1;
} finally {
  rmSync(temporary, { recursive: true, force: true });
}
