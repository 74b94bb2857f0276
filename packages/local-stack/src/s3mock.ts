import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { javaCommand } from './kafka-java.ts';
import { localCredentials } from './local-credentials.ts';
import { mavenJars } from './maven-jars.ts';
import { type StoreContext, startStore } from './store.ts';

/** Starts Adobe S3Mock on this machine's Java: S3, with its objects in a temporary folder. Maven fetches it the first time. */
export async function startS3Mock(context?: StoreContext) {
  const libs = await fetchS3Mock();
  const folder = mkdtempSync(join(tmpdir(), 'order-stream-s3mock-'));
  const objects = join(folder, 'objects');
  mkdirSync(objects);
  const removeFolder = () => rmSync(folder, { recursive: true, force: true });
  // A test file may end without calling stop().
  process.once('exit', removeFolder);
  const s3mock = await startStore(
    {
      name: 'S3Mock',
      command: (port) => [
        javaCommand(process.env),
        // For a short run, a quick start matters more than peak speed.
        ...['-Xmx256m', '-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', '-Xshare:auto'],
        // It leaves files of unfinished requests there.
        `-Djava.io.tmpdir=${folder}`,
        ...['-cp', join(libs, '*'), 'com.adobe.testing.s3mock.S3MockApplication'],
        `--com.adobe.testing.s3mock.store.root=${objects}`,
        `--http.port=${port}`,
        // The HTTPS port. The default is the same for every S3Mock of the machine.
        '--server.port=0',
      ],
      ready: /Started S3MockApplication/,
      onStopped() {
        process.off('exit', removeFolder);
        removeFolder();
      },
    },
    context,
  );
  return {
    ...s3mock,
    environment: { ...localCredentials, AWS_ENDPOINT_URL_S3: s3mock.endpoint },
  };
}

/** The folder with S3Mock's jars. */
export function fetchS3Mock(): Promise<string> {
  const pom = join(import.meta.dirname, 's3mock', 'pom.xml');
  return mavenJars(
    { name: 'S3Mock', pom, downloads: 's3mock', version: '5.2.0' },
    process.env,
    (text) => process.stderr.write(`${text}\n`),
  );
}
