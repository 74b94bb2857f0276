import assert from 'node:assert/strict';
import { dirname, join } from 'node:path';
import { startChild } from '@order-stream/local-stack/child';
import { glueEnvironment } from '@order-stream/local-stack/glue-local';
import { startForeignProcess } from '../conformance/foreign-process.ts';
import { pythonErrorText } from './boto3-client.ts';
import { fetchPython, pythonFolder } from './python.ts';
import { RefusedError, type RegistryClient, rowsOf } from './registry-client.ts';

/** The general error code of version 1 of the CLI. */
const refusedCode = 255;

/** What a command has printed when it ends. */
interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

/**
 * The AWS CLI, with the registry named by an environment variable. One process runs all commands, because a process
 * takes far longer to start than a command to run. `awsCommand` runs the CLI as people start it.
 */
export async function startAwsCli(endpoint: string): Promise<RegistryClient> {
  const program = join(pythonFolder, 'aws_cli.py');
  const environment = environmentOf(endpoint);
  const cli = startForeignProcess(await fetchPython(), ['-I', '-B', program], environment);
  const call = async (operation: string, input: object, ...flags: string[]) => {
    const command = commandName(operation);
    const args = ['glue', command, '--cli-input-json', JSON.stringify(input), ...flags];
    const ended = await cli.call<Ended>({ args });
    const text = stdoutOf({ ...ended, code: Number(ended.code) });
    // The CLI prints nothing for an answer without members.
    return text === '' ? {} : JSON.parse(text);
  };
  return {
    call: (operation, input) => call(operation, input),
    async list(operation, input, pageSize) {
      return rowsOf(await call(operation, input, '--page-size', String(pageSize)));
    },
    errorText: pythonErrorText,
    close: () => cli.close(),
  };
}

/**
 * Runs `aws glue` with arguments, in a process of its own.
 * @returns the lines of stdout
 * @throws RefusedError the registry refused the request
 */
export async function awsCommand(
  endpoint: string,
): Promise<(...args: string[]) => Promise<string[]>> {
  const python = await fetchPython();
  // The CLI's own script, as pip installed it.
  const command = join(dirname(python), 'aws');
  const env = environmentOf(endpoint);
  return async (...args) => {
    const lines = { stdout: [] as string[], stderr: [] as string[] };
    const child = await startChild({
      name: 'AWS CLI',
      command: python,
      args: ['-B', command, 'glue', ...args],
      env,
      onLine: (line, stream) => lines[stream].push(line),
    });
    const { code } = await child.exited;
    stdoutOf({ code, stdout: '', stderr: lines.stderr.join('\n') });
    return lines.stdout;
  };
}

/** @throws RefusedError the registry refused the request */
function stdoutOf({ code, stdout, stderr }: Ended): string {
  if (code === 0) return stdout;
  const text = stderr.trim();
  assert.equal(code, refusedCode, text);
  const type = /^An error occurred \((\w+)\)/.exec(text)?.[1];
  throw new RefusedError(type ?? '', text);
}

function environmentOf(endpoint: string): NodeJS.ProcessEnv {
  return {
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
}

/** `create-schema` for CreateSchema. */
function commandName(operation: string): string {
  return operation.replace(/(?<!^)[A-Z]/g, '-$&').toLowerCase();
}
