import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { operations, shapes } from '../../packages/glue-local/src/service-model.ts';
import { fetchPython, pythonFolder, runPython } from './python.ts';

test('the rules of glue-local for requests are those of botocore’s service model', async () => {
  const python = await fetchPython();
  const program = join(pythonFolder, 'service_model.py');
  const lines = await runPython(python, ['-I', '-B', program, ...Object.keys(operations)]);
  assert.deepEqual({ operations, shapes }, JSON.parse(lines.join('\n')));
});
