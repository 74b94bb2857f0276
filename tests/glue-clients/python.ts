import { join } from 'node:path';
import { startChild } from '@order-stream/local-stack/child';
import { pythonEnvironment } from '@order-stream/local-stack/python-environment';

export const pythonFolder = join(import.meta.dirname, 'python');

/** The Python of a virtual environment with the AWS CLI, boto3, moto and pytest. */
export function fetchPython(): Promise<string> {
  return pythonEnvironment({
    name: 'AWS CLI, boto3 and moto',
    folder: 'glue-clients',
    requirements: join(pythonFolder, 'requirements.txt'),
    minor: 10,
  });
}

/** @returns the lines of stdout */
export async function runPython(
  python: string,
  args: string[],
  options: { cwd?: string; env?: NodeJS.ProcessEnv; exitCodes?: readonly number[] } = {},
): Promise<string[]> {
  const { exitCodes = [0], ...rest } = options;
  const lines: string[] = [];
  const onLine = (line: string, stream: string) => {
    if (stream === 'stdout') lines.push(line);
  };
  const child = await startChild({ name: 'Python', command: python, args, onLine, ...rest });
  const { code } = await child.exited;
  if (code === null || !exitCodes.includes(code))
    throw new Error(
      `python ${args.slice(0, 3).join(' ')} ended with ${code}:\n${child.lastLines().join('\n')}`,
    );
  return lines;
}
