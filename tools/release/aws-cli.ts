import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Runs the AWS CLI with the caller's own credentials. What it says on stderr is in the error. */
export async function awsCli(args: readonly string[]): Promise<unknown> {
  const { stdout } = await run('aws', [...args, '--output', 'json'], { maxBuffer: 2 ** 26 });
  return JSON.parse(stdout);
}
