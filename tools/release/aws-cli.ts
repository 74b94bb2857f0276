import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Calls the AWS CLI with these arguments and parses its JSON: `aws(['ecs', 'describe-services', …])`. */
export type AwsCall = (args: readonly string[]) => Promise<unknown>;

/** Runs the AWS CLI with the caller's own credentials. Its stderr is part of the error's message. */
export async function awsCli(args: readonly string[]): Promise<unknown> {
  const { stdout } = await run('aws', [...args, '--output', 'json'], { maxBuffer: 2 ** 26 });
  return JSON.parse(stdout);
}
