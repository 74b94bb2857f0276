import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { createGlueLocal } from '@order-stream/glue-local';

const readme = readFileSync(new URL('../../packages/serde/README.md', import.meta.url), 'utf8');

test("the example in the serde's README prints what the README says", async (context) => {
  const app = createGlueLocal({ databaseFile: ':memory:' });
  context.after(() => app.close());
  const endpoint = await app.listen({ port: 0, host: '127.0.0.1' });
  const program = blockOf('ts');
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--input-type=module-typescript', '--eval', program],
    {
      cwd: import.meta.dirname,
      env: {
        AWS_ENDPOINT_URL_GLUE: endpoint,
        AWS_REGION: 'us-east-1',
        AWS_ACCESS_KEY_ID: 'test',
        AWS_SECRET_ACCESS_KEY: 'test',
      },
    },
  );
  assert.equal(stdout, blockOf('text'));
});

function blockOf(language: string): string {
  const block = new RegExp(`\`\`\`${language}\\n(.*?)\`\`\``, 's').exec(readme)?.[1];
  return block ?? assert.fail(`no ${language} block`);
}
