import assert from 'node:assert/strict';
import { dirname, join } from 'node:path';
import { startChild } from '@order-stream/local-stack/child';
import { glueEnvironment } from '@order-stream/local-stack/glue-local';
import { pythonErrorText } from './boto3-client.ts';
import { fetchPython } from './python.ts';
import { RefusedError, type RegistryClient, rowsOf } from './registry-client.ts';

/** The general error code of version 1 of the CLI. */
const refusedCode = 255;

/** The AWS CLI: a process for each call, with the registry named by an environment variable. */
export async function startAwsCli(endpoint: string): Promise<RegistryClient> {
  const run = await awsCommand(endpoint);
  const call = async (operation: string, input: object, ...flags: string[]) => {
    const lines = await run(
      commandName(operation),
      '--cli-input-json',
      JSON.stringify(input),
      ...flags,
    );
    // The CLI prints nothing for an answer without members.
    return lines.length === 0 ? {} : JSON.parse(lines.join('\n'));
  };
  return {
    call: (operation, input) => call(operation, input),
    async list(operation, input, pageSize) {
      return rowsOf(await call(operation, input, '--page-size', String(pageSize)));
    },
    errorText: pythonErrorText,
    close: () => {},
  };
}

/**
 * Runs `aws glue` with arguments.
 * @returns the lines of stdout
 * @throws RefusedError the registry refused the request
 */
export async function awsCommand(
  endpoint: string,
): Promise<(...args: string[]) => Promise<string[]>> {
  const python = await fetchPython();
  // The CLI's own script, as pip installed it.
  const command = join(dirname(python), 'aws');
  const env = {
    PATH: process.env.PATH,
    AWS_EC2_METADATA_DISABLED: 'true',
    // Nothing of the developer's own configuration.
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    PYTHONDONTWRITEBYTECODE: '1',
    ...glueEnvironment({ endpoint }),
    // The CLI reads no AWS_REGION.
    AWS_DEFAULT_REGION: 'us-east-1',
  };
  return async (...args) => {
    const output = { stdout: [] as string[], stderr: [] as string[] };
    const child = await startChild({
      name: 'AWS CLI',
      command: python,
      args: ['-B', command, 'glue', ...args],
      env,
      onLine: (line, stream) => output[stream].push(line),
    });
    const { code } = await child.exited;
    const text = output.stderr.join('\n').trim();
    if (code === 0) return output.stdout;
    assert.equal(code, refusedCode, text);
    const type = /^An error occurred \((\w+)\)/.exec(text)?.[1];
    throw new RefusedError(type ?? '', text);
  };
}

/** `create-schema` for CreateSchema. */
function commandName(operation: string): string {
  return operation.replace(/(?<!^)[A-Z]/g, '-$&').toLowerCase();
}
