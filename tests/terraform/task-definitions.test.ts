import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { renderedTaskDefinitions, taskDefinitionFolder } from './task-definitions.ts';

test('D-10 the task definitions that tests/images uses are those that Terraform renders', () => {
  const rendered = renderedTaskDefinitions();
  assert.deepEqual(readdirSync(taskDefinitionFolder).sort(), [...rendered.keys()].sort());
  for (const [name, definition] of rendered)
    assert.deepEqual(
      JSON.parse(readFileSync(join(taskDefinitionFolder, name), 'utf8')),
      definition,
      `${name} is stale; to update it: node tools/run.mjs tests/terraform/write-task-definitions.ts`,
    );
});
