// Writes the rendered task definitions to tests/terraform/task-definitions. TERRAFORM_RENDERED as for the tests.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '@order-stream/local-stack/state-folder';
import { renderedTaskDefinitions, taskDefinitionFolder } from './task-definitions.ts';

for (const [name, definition] of renderedTaskDefinitions())
  writeFileSync(join(taskDefinitionFolder, name), JSON.stringify(definition));
const biome = join(root, 'node_modules/.bin/biome');
execFileSync(biome, ['format', '--write', taskDefinitionFolder], { stdio: 'inherit' });
