import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { startChild } from './child.ts';
import { folderOnce } from './folder-once.ts';
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
  const libs = join(downloadsFolder(env), jars.downloads, jars.version, 'libs');
  return folderOnce(libs, (partial) => runMaven(jars, partial, onProgress));
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
