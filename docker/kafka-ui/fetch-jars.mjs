// fetch-jars.mjs LOCKFILE FOLDER: downloads each jar that the lock file names, and keeps it only if its SHA-256 is the one
// that stands there. A line is what `sha256sum` writes, the file's path being its path in a Maven repository.
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';

const [lockFile, folder] = process.argv.slice(2);
const repository = process.env.MAVEN_REPOSITORY || 'https://repo1.maven.org/maven2';
const atOnce = 6;

const jars = readFileSync(lockFile, 'utf8')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'))
  .map((line) => /^([0-9a-f]{64}) {2}(\S+\.jar)$/.exec(line) ?? fail(`${lockFile}: ${line}`))
  .map(([, sha256, path]) => ({ sha256, path }));
if (jars.length === 0) fail(`${lockFile} names no jar`);

mkdirSync(folder, { recursive: true });
const waiting = [...jars];
await Promise.all(
  Array.from({ length: atOnce }, async () => {
    for (let jar = waiting.shift(); jar !== undefined; jar = waiting.shift()) await fetchJar(jar);
  }),
);
console.log(`${jars.length} jars, each with the checksum of ${lockFile}`);

async function fetchJar({ sha256, path }) {
  const answer = await fetch(`${repository}/${path}`, { signal: AbortSignal.timeout(120_000) });
  if (!answer.ok) fail(`${path}: the repository answered ${answer.status}`);
  const bytes = Buffer.from(await answer.arrayBuffer());
  const seen = createHash('sha256').update(bytes).digest('hex');
  if (seen !== sha256) fail(`${path}: SHA-256 is ${seen}, the lock file says ${sha256}`);
  writeFileSync(join(folder, basename(path)), bytes);
}

function fail(reason) {
  console.error(reason);
  process.exit(1);
}
