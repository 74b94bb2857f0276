import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { basename, delimiter, join } from 'node:path';
import { folderOnce } from '@order-stream/local-stack/folder-once';
import { mavenJars } from '@order-stream/local-stack/maven-jars';
import { StackFault } from '@order-stream/local-stack/stack-fault';
import { downloadsFolder } from '@order-stream/local-stack/state-folder';
import { type ForeignProcess, startForeignProcess } from './foreign-process.ts';

/** A folder with the sources of Java programs and the `pom.xml` of the library that they show. */
export interface JavaLibrary {
  /** For messages. */
  name: string;
  folder: string;
  /** Name of the folder with its downloads. */
  downloads: string;
  /** Properties of the `pom.xml` that have other values. */
  properties?: Readonly<Record<string, string>>;
  /** Jars that come before the others, because another jar has an older copy of their classes. */
  firstJars?: readonly string[];
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
  const jars = await fetchJavaLibrary(library);
  const classPath = [...(library.firstJars ?? []), '*'].map((jar) => join(jars, jar));
  const classes = await compiledProgram(join(library.folder, file), classPath);
  const program = ['-cp', [classes, ...classPath].join(delimiter), basename(file, '.java')];
  const credentials = { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' };
  return startForeignProcess(javaTool('java'), [...quickStart, ...program, ...args], {
    ...process.env,
    ...credentials,
  });
}

/** For a short run, a quick start matters more than peak speed. */
const quickStart = ['-Xmx256m', '-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', '-Xshare:auto'];

/** The folder with a program's classes. Compiled once for each content of the source and list of jars. */
async function compiledProgram(source: string, classPath: readonly string[]): Promise<string> {
  const content = createHash('sha256').update(readFileSync(source)).update(classPath.join());
  const name = `${basename(source, '.java')}-${content.digest('hex').slice(0, 12)}`;
  return folderOnce(join(downloadsFolder(process.env), 'java-programs', name), (partial) =>
    runCompiler(['-d', partial, '-cp', classPath.join(delimiter), source]),
  );
}

function runCompiler(args: string[]): void {
  const flags = [
    ...['-J-XX:TieredStopAtLevel=1', '-J-XX:+UseSerialGC', '-proc:none'],
    // Another checkout with an older Java may share the classes.
    ...['--release', '11'],
  ];
  const options = { encoding: 'utf8' } as const;
  const { status, stderr, error } = spawnSync(javaTool('javac'), [...flags, ...args], options);
  if (error !== undefined)
    throw new StackFault(
      'The conformance tests require JDK 11 or newer: install it (`brew install openjdk`, `apt install default-jdk`) or set JAVA_HOME.',
    );
  if (status !== 0) throw new StackFault(`${args.at(-1)} does not compile:\n${stderr}`);
}

function javaTool(name: 'java' | 'javac'): string {
  return process.env.JAVA_HOME ? join(process.env.JAVA_HOME, 'bin', name) : name;
}

/** The folder with the library's jars. Downloads them the first time and reports that on stderr. */
export function fetchJavaLibrary(library = officialLibrary): Promise<string> {
  const { name, folder, downloads, properties } = library;
  const pom = join(folder, 'pom.xml');
  const content = createHash('sha256').update(readFileSync(pom));
  if (properties !== undefined) content.update(JSON.stringify(properties));
  const version = content.digest('hex').slice(0, 12);
  const jars = { name, pom, downloads, version, ...(properties !== undefined && { properties }) };
  return mavenJars(jars, process.env, (text) => process.stderr.write(`${text}\n`));
}
