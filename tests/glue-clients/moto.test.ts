import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { test } from 'node:test';
import { createGlueLocal } from '@order-stream/glue-local';
import { glueEnvironment } from '@order-stream/local-stack/glue-local';
import { motoExceptions } from './moto-exceptions.ts';
import { fetchMotoTests } from './moto-tests.ts';
import { fetchPython, pythonFolder, runPython } from './python.ts';

interface Result {
  name: string;
  passed: boolean;
  reason: string;
}

/** How many tests moto 5.2.5 has for the registry. */
const count = 69;

test('moto’s own tests of the Glue Schema Registry pass, but for what AWS documents otherwise', async () => {
  const results = await runMotoTests();
  assert.equal(results.length, count);
  const failed = results.filter(({ passed }) => !passed);
  const unexpected = failed.filter(({ name }) => !Object.hasOwn(motoExceptions, name));
  assert.deepEqual(unexpected, []);
  // An exception whose test passes, or is gone, is no exception.
  assert.deepEqual(failed.map(({ name }) => name).sort(), Object.keys(motoExceptions).sort());
});

async function runMotoTests(): Promise<Result[]> {
  const [python, source] = await Promise.all([fetchPython(), fetchMotoTests()]);
  const folder = await mkdtemp(join(tmpdir(), 'moto-'));
  // The account of moto's ARNs.
  const registry = createGlueLocal({ databaseFile: ':memory:', accountId: '123456789012' });
  try {
    const endpoint = await registry.listen({ port: 0, host: '127.0.0.1' });
    const file = join(folder, 'results.jsonl');
    await runPython(
      python,
      [
        ...['-B', '-m', 'pytest', '-p', 'glue_local_plugin', '-p', 'no:cacheprovider', '-q'],
        'tests/test_glue/test_schema_registry.py',
      ],
      {
        cwd: source,
        env: {
          ...{ PATH: process.env.PATH, GLUE_RESULTS: file, AWS_EC2_METADATA_DISABLED: 'true' },
          PYTHONPATH: [pythonFolder, source].join(delimiter),
          ...glueEnvironment({ endpoint }),
        },
        // 1: some tests failed, which the caller judges.
        exitCodes: [0, 1],
      },
    );
    const lines = (await readFile(file, 'utf8')).trim().split('\n');
    return lines.map((line): Result => JSON.parse(line));
  } finally {
    await registry.close();
    await rm(folder, { recursive: true });
  }
}
