import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { root } from '@order-stream/local-stack/state-folder';

const environments = join(root, 'deploy/terraform/environments');
const stacks = globSync('*/*/main.tf', { cwd: environments }).map(dirname);
const read = (stack: string, file: string) => readFileSync(join(environments, stack, file), 'utf8');

test('each stack has an example of its values, with every option that is off by default', () => {
  assert.ok(stacks.length >= 4, 'expected at least four stacks');
  let optionCount = 0;
  for (const stack of stacks) {
    const declared = [
      ...read(stack, 'variables.tf').matchAll(/^variable "(\w+)" \{\n([\s\S]*?)^\}/gm),
    ].map(([, name = '', body = '']) => ({
      name,
      // An ephemeral variable is a secret, which belongs in no file.
      off: /^ {2}default += (false|null)$/m.test(body) && !/^ {2}ephemeral += true$/m.test(body),
    }));
    const given = [...read(stack, 'terraform.tfvars.example').matchAll(/^(\w+) +=/gm)].map(
      ([, name]) => name,
    );
    const names = declared.map(({ name }) => name);
    assert.deepEqual(
      given.filter((name) => !names.includes(name as string)),
      [],
      `${stack}: expected a declaration of every example value`,
    );
    const options = declared.filter(({ off }) => off).map(({ name }) => name);
    optionCount += options.length;
    assert.deepEqual(
      options.filter((name) => !given.includes(name)),
      [],
      `${stack}: expected an example of every option`,
    );
  }
  assert.ok(optionCount >= 10, `expected more options, got ${optionCount}`);
});
