import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { mavenJars } from '@order-stream/local-stack/maven-jars';
import { StackFault } from '@order-stream/local-stack/stack-fault';
import { downloadsFolder } from '@order-stream/local-stack/state-folder';
import { type ForeignProcess, startForeignProcess } from './foreign-process.ts';

const folder = join(import.meta.dirname, 'java');

/** Starts the official Java library with the registry at this endpoint. Maven downloads the library the first time. */
export function startJavaLibrary(endpoint: string): Promise<ForeignProcess> {
  return startJavaProgram('GlueSerde.java', endpoint);
}

/** Starts a program of the folder `java` with the library's jars. */
export async function startJavaProgram(file: string, ...args: string[]): Promise<ForeignProcess> {
  const java = javaCommand();
  const jars = await fetchJavaLibrary();
  return startForeignProcess({
    command: java,
    args: [
      '-Xmx256m',
      // For a short run, a quick start matters more than peak speed.
      '-XX:TieredStopAtLevel=1',
      '-XX:+UseSerialGC',
      '-Xshare:auto',
      '-cp',
      join(jars, '*'),
      join(folder, file),
      ...args,
    ],
    env: { ...process.env, AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' },
  });
}

export function javaCommand(): string {
  const bin = process.env.JAVA_HOME ? join(process.env.JAVA_HOME, 'bin') : '';
  // The program is run from its source, which requires the compiler.
  const { status, stdout } = spawnSync(join(bin, 'javac'), ['-version'], { encoding: 'utf8' });
  if (status !== 0 || Number(/javac (\d+)/.exec(stdout)?.[1]) < 11) {
    throw new StackFault(
      'The conformance tests require JDK 11 or newer: install it (`brew install openjdk`, `apt install default-jdk`) or set JAVA_HOME.',
    );
  }
  return join(bin, 'java');
}

/** The folder with the library's jars. Downloads them the first time and reports that on stderr. */
export function fetchJavaLibrary(): Promise<string> {
  return fetchJars('The official Java library', folder, 'java-conformance');
}

/** The folder with the jars of `sources`' pom.xml, one for each version of the file. */
export function fetchJars(name: string, sources: string, download: string): Promise<string> {
  const pom = join(sources, 'pom.xml');
  const version = createHash('sha256').update(readFileSync(pom)).digest('hex').slice(0, 12);
  return mavenJars({
    name,
    pom,
    folder: join(downloadsFolder(process.env), download, version),
    withoutMaven: 'install it (`brew install maven`, `apt install maven`).',
    onProgress: (text) => process.stderr.write(`${text}\n`),
  });
}
