import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { mavenJars } from '@order-stream/local-stack/maven-jars';
import { StackFault } from '@order-stream/local-stack/stack-fault';
import { type ForeignProcess, startForeignProcess } from './foreign-process.ts';

/** A folder with the sources of Java programs and the `pom.xml` of the library that they show. */
interface JavaLibrary {
  /** For messages. */
  name: string;
  folder: string;
  /** Name of the folder with its downloads. */
  downloads: string;
}

const officialLibrary: JavaLibrary = {
  name: 'The official Java library',
  folder: join(import.meta.dirname, 'java'),
  downloads: 'java-conformance',
};

/** Starts the official Java library with the registry at this endpoint. Maven downloads the library the first time. */
export function startJavaLibrary(endpoint: string): Promise<ForeignProcess> {
  return startJavaProgram('GlueSerde.java', [endpoint]);
}

/** Starts a program of the library's folder with the library's jars. */
export async function startJavaProgram(
  file: string,
  args: string[] = [],
  library = officialLibrary,
): Promise<ForeignProcess> {
  const java = javaCommand();
  const jars = await fetchJavaLibrary(library);
  // For a short run, a quick start matters more than peak speed.
  const flags = ['-Xmx256m', '-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', '-Xshare:auto'];
  const program = ['-cp', join(jars, '*'), join(library.folder, file)];
  const credentials = { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' };
  return startForeignProcess(java, [...flags, ...program, ...args], {
    ...process.env,
    ...credentials,
  });
}

function javaCommand(): string {
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
export function fetchJavaLibrary({ name, folder, downloads } = officialLibrary): Promise<string> {
  const pom = join(folder, 'pom.xml');
  const version = createHash('sha256').update(readFileSync(pom)).digest('hex').slice(0, 12);
  return mavenJars({ name, pom, downloads, version }, process.env, (text) =>
    process.stderr.write(`${text}\n`),
  );
}
