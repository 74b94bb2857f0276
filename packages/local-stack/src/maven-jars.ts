import { mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { startChild } from './child.ts';
import { exclusively } from './exclusive.mjs';
import { StackFault } from './stack-fault.ts';
import { downloadsFolder } from './state-folder.ts';

const copyDependencies = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies';

// Single network failures are common. Repeated failures are reported.
const attempts = 3;
const pauseMs = 5_000;

interface MavenJars {
  /** For messages: `Kafka 4.3.1`. */
  name: string;
  pom: string;
  properties?: Record<string, string>;
  /** The folder of `downloadsFolder` and its subfolder that hold the jars. Nothing else may write there. */
  downloads: string;
  version: string;
  /** What the developer can do instead of installing Maven. */
  alternative?: string;
}

/** The folder with a pom's runtime dependencies. Maven downloads them the first time. */
export async function mavenJars(
  jars: MavenJars,
  env: NodeJS.ProcessEnv,
  onProgress: (text: string) => void,
): Promise<string> {
  const folder = join(downloadsFolder(env), jars.downloads, jars.version);
  const libs = join(folder, 'libs');
  if (hasJars(libs)) return libs;
  mkdirSync(folder, { recursive: true });
  return exclusively(join(folder, 'download.lock'), async () => {
    if (hasJars(libs)) return libs;
    const partial = join(folder, 'libs.partial');
    rmSync(partial, { recursive: true, force: true });
    await runMaven(jars, partial, onProgress);
    // Renamed when complete, so that an interrupted download never looks finished.
    renameSync(partial, libs);
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

async function runMaven(
  { name, pom, properties = {}, alternative }: MavenJars,
  into: string,
  onProgress: (text: string) => void,
): Promise<void> {
  const args = ['-B', '-Dstyle.color=never', '-f', pom, copyDependencies];
  args.push('-DincludeScope=runtime', `-DoutputDirectory=${into}`);
  for (const [property, value] of Object.entries(properties)) args.push(`-D${property}=${value}`);
  onProgress(`${name}: downloading with Maven`);
  let downloaded = 0;
  let reportedAt = performance.now();
  const onLine = (line: string) => {
    if (!line.includes('Downloaded from')) return;
    downloaded++;
    if (performance.now() - reportedAt < 2_000) return;
    onProgress(`${name}: ${downloaded} files downloaded`);
    reportedAt = performance.now();
  };
  let lines: string[] = [];
  for (let attempt = 1; attempt <= attempts; attempt++) {
    const maven = await startChild({ name: 'Maven', command: 'mvn', args, onLine }).catch(() => {
      throw new StackFault(
        `${name} requires Maven: install it (\`brew install maven\`, \`apt install maven\`)${alternative ?? ''}.`,
      );
    });
    const { code } = await maven.exited;
    if (code === 0) return;
    lines = maven.lastLines();
    if (attempt === attempts) break;
    rmSync(into, { recursive: true, force: true });
    // Maven keeps finished downloads in its repository, failed ones too: `-U` retries those.
    if (attempt === 1) args.push('-U');
    await pause(pauseMs);
  }
  const reason = lines.find((line) => line.startsWith('[ERROR]')) ?? lines.at(-1) ?? '';
  throw new StackFault(
    `Maven could not download ${name}: check the network and Maven's settings.xml, then run this again. Maven: ${reason.slice(0, 300)}`,
  );
}
