import { mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { startChild } from './child.ts';
import { exclusively } from './exclusive.mjs';
import { StackFault } from './stack-fault.ts';
import { downloadsFolder } from './state-folder.ts';

export const defaultKafkaVersion = '4.3.1';

const copyDependencies = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies';

/** The folder with the jars of this Kafka version, downloaded by Maven the first time. */
export async function kafkaJars(
  version: string,
  env: NodeJS.ProcessEnv,
  onProgress: (text: string) => void,
): Promise<string> {
  const folder = join(downloadsFolder(env), 'kafka', version);
  const libs = join(folder, 'libs');
  if (hasJars(libs)) return libs;
  mkdirSync(folder, { recursive: true });
  return exclusively(join(folder, 'download.lock'), async () => {
    if (hasJars(libs)) return libs;
    const arriving = join(folder, 'libs.arriving');
    rmSync(arriving, { recursive: true, force: true });
    await runMaven(version, arriving, onProgress);
    // Whole or not at all: a download cut short leaves nothing that looks finished.
    renameSync(arriving, libs);
    return libs;
  });
}

function hasJars(libs: string): boolean {
  try {
    return readdirSync(libs).length > 0;
  } catch {
    return false;
  }
}

async function runMaven(version: string, into: string, onProgress: (text: string) => void) {
  const pom = join(import.meta.dirname, 'kafka', `kafka-${version.split('.')[0]}.pom.xml`);
  const args = ['-B', '-Dstyle.color=never', '-f', pom, copyDependencies];
  args.push('-DincludeScope=runtime', `-Dkafka.version=${version}`, `-DoutputDirectory=${into}`);
  onProgress(`Kafka ${version}: fetching it by Maven`);
  let fetched = 0;
  let toldAt = performance.now();
  const onLine = (line: string) => {
    if (!line.includes('Downloaded from')) return;
    fetched++;
    if (performance.now() - toldAt < 2_000) return;
    onProgress(`Kafka ${version}: ${fetched} files fetched`);
    toldAt = performance.now();
  };
  const maven = await startChild({ name: 'Maven', command: 'mvn', args, onLine }).catch(() => {
    throw new StackFault(
      'Kafka needs Maven: install it (`brew install maven`, `apt install maven`) or start Docker.',
    );
  });
  const { code } = await maven.exited;
  if (code === 0) return;
  const lines = maven.lastLines();
  const reason = lines.find((line) => line.startsWith('[ERROR]')) ?? lines.at(-1) ?? '';
  throw new StackFault(
    `Kafka ${version} could not be downloaded by Maven; check the network and Maven's settings.xml, then run this again. Maven says: ${reason.slice(0, 300)}`,
  );
}
