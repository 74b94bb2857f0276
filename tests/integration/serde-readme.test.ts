import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { startGlueLocal } from '@order-stream/local-stack/glue-local';
import { type Broker, startBroker } from '@order-stream/local-stack/kafka-broker';
import { createTopicNamed } from '@order-stream/local-stack/topics';
import { createSerializer } from '@order-stream/serde';
import { createGlueRegistry } from '@order-stream/serde/glue';

const readme = readFileSync(new URL('../../packages/serde/README.md', import.meta.url), 'utf8');
const root = join(import.meta.dirname, '../..');
const topic = `payments-${process.pid}`;

interface Program {
  file: string;
  source: string;
  /** The output that the README shows. */
  output: string | undefined;
}

const block = /```[jt]s\n\/\/ (\S+\.m[jt]s)\n(.*?)```(?:\n\n```text\n(.*?)```)?/gs;
const programs: Program[] = [...readme.matchAll(block)].map(([, file, source, output]) => ({
  file: file as string,
  source: source as string,
  output,
}));

let broker: Broker;
let registry: Awaited<ReturnType<typeof startGlueLocal>>;
let folder: string;
before(async () => {
  [broker, registry] = await Promise.all([startBroker(), startGlueLocal()]);
  await createTopicNamed(broker.bootstrapServers, topic);
  folder = mkdtempSync(join(tmpdir(), 'serde-readme-'));
  symlinkSync(join(root, 'tests/node_modules'), join(folder, 'node_modules'));
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  for (const { file, source } of programs) {
    const own = source
      .replace("'localhost:9092'", JSON.stringify(broker.bootstrapServers))
      .replace("const topic = 'payments'", `const topic = '${topic}'`);
    writeFileSync(join(folder, file), own);
  }
});
after(async () => {
  if (folder) rmSync(folder, { recursive: true, force: true });
  await Promise.all([broker?.stop(), registry?.close()]);
});

const run = promisify(execFile);
const environment = () => ({
  PATH: process.env.PATH,
  NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE,
  AWS_ENDPOINT_URL_GLUE: registry.endpoint,
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
});

test("every program in the serde's README compiles", async () => {
  assert.equal(programs.length, readme.split(/```[jt]s\n/).length - 1);
  const config = {
    extends: join(root, 'tsconfig.json'),
    compilerOptions: {
      ...{ allowJs: true, checkJs: true },
      typeRoots: [join(root, 'node_modules/@types')],
    },
    include: ['*.mts', '*.mjs'],
  };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config));
  const { stdout } = await run(join(root, 'node_modules/.bin/tsc'), ['-p', folder]).catch(
    (error) => error,
  );
  assert.equal(stdout, '');
});

for (const { file, output } of programs) {
  if (output === undefined) continue;
  test(`${file} of the serde's README prints what the README says`, async () => {
    const { stdout } = await run(process.execPath, [file], { cwd: folder, env: environment() });
    assert.equal(stdout, output);
  });
}

test("the function in the serde's README reads an event and reports undecodable records", async (context) => {
  Object.assign(process.env, environment());
  const glue = createGlueRegistry({ registryName: 'customer', autoRegistration: true });
  const schema = '{"type":"record","name":"L","fields":[{"name":"id","type":"string"}]}';
  const bytes = await createSerializer({ registry: glue }).serialize('l', { id: 'a' }, { schema });
  glue.close();
  const { handler } = await import(pathToFileURL(join(folder, 'lambda.mts')).href);
  const printed = context.mock.method(console, 'log', () => {});
  context.mock.method(console, 'error', () => {});
  const values = [bytes, bytes.subarray(0, -1), Buffer.from('{}')].map((value) =>
    value.toString('base64'),
  );
  const records = [...values, null].map((value, offset) => {
    const key = Buffer.from('k').toString('base64');
    return { topic: 'l', partition: 0, offset, key, value };
  });
  const answer = await handler({ eventSource: 'aws:kafka', records: { 'l-0': records } });
  const failed = [1, 2].map((offset) => ({ itemIdentifier: { partition: 'l-0', offset } }));
  assert.deepEqual(answer, { batchItemFailures: failed });
  assert.deepEqual(
    printed.mock.calls.map((call) => call.arguments),
    [['l', 'k', { id: 'a' }]],
  );
});
