import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { exclusively } from '../../tools/exclusive.mjs';
import { StackFault } from '../../tools/stack-fault.ts';
import { downloadsFolder } from '../../tools/state-folder.ts';
import { type ForeignProcess, startForeignProcess } from './foreign-process.ts';

const folder = join(import.meta.dirname, 'java');
const copyDependencies = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies';

/** The official Java library, against the registry at this endpoint. The first start downloads it by Maven. */
export async function startJavaLibrary(endpoint: string): Promise<ForeignProcess> {
  const java = javaCommand();
  const jars = await fetchJavaLibrary();
  return startForeignProcess({
    command: java,
    args: [
      '-Xmx256m',
      // A short life: a quick start counts for more than peak speed.
      '-XX:TieredStopAtLevel=1',
      '-XX:+UseSerialGC',
      '-Xshare:auto',
      '-cp',
      join(jars, '*'),
      join(folder, 'GlueSerde.java'),
      endpoint,
    ],
    env: { ...process.env, AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' },
  });
}

function javaCommand(): string {
  const bin = process.env.JAVA_HOME ? join(process.env.JAVA_HOME, 'bin') : '';
  // The program is run from its source, which takes the compiler.
  const { status, stdout } = spawnSync(join(bin, 'javac'), ['-version'], { encoding: 'utf8' });
  if (status !== 0 || Number(/javac (\d+)/.exec(stdout)?.[1]) < 11) {
    throw new StackFault(
      'The conformance tests need a JDK from 11 on: install one (`brew install openjdk`, `apt install default-jdk`) or set JAVA_HOME.',
    );
  }
  return join(bin, 'java');
}

/** The folder with its jars, downloaded the first time, which it says on stderr. */
export async function fetchJavaLibrary(): Promise<string> {
  const pom = join(folder, 'pom.xml');
  const version = createHash('sha256').update(readFileSync(pom)).digest('hex').slice(0, 12);
  const state = join(downloadsFolder(process.env), 'java-conformance');
  const jars = join(state, version);
  if (existsSync(jars)) return jars;
  mkdirSync(state, { recursive: true });
  return exclusively(join(state, 'download.lock'), async () => {
    if (existsSync(jars)) return jars;
    const arriving = join(state, 'arriving');
    rmSync(arriving, { recursive: true, force: true });
    await runMaven(pom, arriving);
    // Whole or not at all: a download cut short leaves nothing that looks finished.
    renameSync(arriving, jars);
    return jars;
  });
}

function runMaven(pom: string, into: string): Promise<void> {
  const progress = (text: string) => process.stderr.write(`Java library: ${text}\n`);
  progress('fetching it by Maven');
  const args = ['-B', '-Dstyle.color=never', '-f', pom, copyDependencies];
  args.push('-DincludeScope=runtime', `-DoutputDirectory=${into}`);
  const maven = spawn('mvn', args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let fetched = 0;
  let complaint: string | undefined;
  createInterface({ input: maven.stdout }).on('line', (line) => {
    if (line.includes('Downloaded') && ++fetched % 25 === 0) progress(`${fetched} files fetched`);
    if (line.startsWith('[ERROR]')) complaint ??= line.slice(8, 300);
  });
  return new Promise((resolve, reject) => {
    maven.once('error', () =>
      reject(
        new StackFault(
          'The conformance tests need Maven: install it (`brew install maven`, `apt install maven`).',
        ),
      ),
    );
    maven.once('close', (code) => {
      if (code === 0) return resolve();
      const said = complaint ?? `exit code ${code}`;
      reject(
        new StackFault(
          `The Java library could not be downloaded by Maven; check the network and Maven's settings.xml. Maven says: ${said}`,
        ),
      );
    });
  });
}
