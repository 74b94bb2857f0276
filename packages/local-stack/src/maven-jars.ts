import { mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { startChild } from './child.ts';
import { exclusively } from './exclusive.mjs';
import { StackFault } from './stack-fault.ts';

const copyDependencies = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies';

// A network that fails once is common; one that goes on failing is told.
const attempts = 3;
const pauseMs = 5_000;

interface MavenJars {
  /** For messages: `Kafka 4.3.1`. */
  name: string;
  pom: string;
  properties?: Record<string, string>;
  /** Where the jars are kept; nothing else may write there. */
  folder: string;
  /** What to do where there is no Maven. */
  withoutMaven: string;
  onProgress: (text: string) => void;
}

/** The folder with a pom's runtime dependencies, downloaded by Maven the first time. */
export async function mavenJars(options: MavenJars): Promise<string> {
  const { folder } = options;
  const libs = join(folder, 'libs');
  if (hasJars(libs)) return libs;
  mkdirSync(folder, { recursive: true });
  return exclusively(join(folder, 'download.lock'), async () => {
    if (hasJars(libs)) return libs;
    const arriving = join(folder, 'libs.arriving');
    rmSync(arriving, { recursive: true, force: true });
    await runMaven(options, arriving);
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

async function runMaven(options: MavenJars, into: string): Promise<void> {
  const { name, pom, properties = {}, withoutMaven, onProgress } = options;
  const args = ['-B', '-Dstyle.color=never', '-f', pom, copyDependencies];
  args.push('-DincludeScope=runtime', `-DoutputDirectory=${into}`);
  for (const [property, value] of Object.entries(properties)) args.push(`-D${property}=${value}`);
  onProgress(`${name}: fetching it by Maven`);
  let fetched = 0;
  let toldAt = performance.now();
  const onLine = (line: string) => {
    if (!line.includes('Downloaded from')) return;
    fetched++;
    if (performance.now() - toldAt < 2_000) return;
    onProgress(`${name}: ${fetched} files fetched`);
    toldAt = performance.now();
  };
  let lines: string[] = [];
  for (let attempt = 1; attempt <= attempts; attempt++) {
    const maven = await startChild({ name: 'Maven', command: 'mvn', args, onLine }).catch(() => {
      throw new StackFault(`${name} needs Maven: ${withoutMaven}`);
    });
    const { code } = await maven.exited;
    if (code === 0) return;
    lines = maven.lastLines();
    if (attempt === attempts) break;
    rmSync(into, { recursive: true, force: true });
    // What has arrived stays in Maven's own repository. `-U`: it remembers failures there too.
    if (attempt === 1) args.push('-U');
    await pause(pauseMs);
  }
  const reason = lines.find((line) => line.startsWith('[ERROR]')) ?? lines.at(-1) ?? '';
  throw new StackFault(
    `${name} could not be downloaded by Maven; check the network and Maven's settings.xml, then run this again. Maven says: ${reason.slice(0, 300)}`,
  );
}
