import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

interface Outcome {
  code: number;
  stdout: string;
  stderr: string;
}

const started = promisify(execFile);
const limits = { maxBuffer: 64 * 1024 * 1024 };

/** The environment of a stranger's shell: nothing of this test run, but what reaching the registry of packages may need. */
export function plainEnvironment(): NodeJS.ProcessEnv {
  const own = /^(npm_(?!config_)|AWS_|GLUE_|ORDER_STREAM|NODE_(?!EXTRA_CA_CERTS))/i;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !own.test(name)));
}

/** Runs a command to its end. */
export async function outcomeOf(
  command: string,
  args: readonly string[],
  { cwd, env = {} }: { cwd: string; env?: NodeJS.ProcessEnv },
): Promise<Outcome> {
  try {
    const options = { cwd, env: { ...plainEnvironment(), ...env }, ...limits };
    return { code: 0, ...(await started(command, args, options)) };
  } catch (error) {
    const { code, stdout, stderr } = error as Outcome;
    if (typeof code !== 'number') throw error;
    return { code, stdout, stderr };
  }
}

/**
 * Returns what the command prints to stdout.
 * @throws Error the exit code is not 0
 */
export async function run(...command: Parameters<typeof outcomeOf>): Promise<string> {
  const { code, stdout, stderr } = await outcomeOf(...command);
  if (code === 0) return stdout;
  throw new Error(`${command[0]} ${command[1].join(' ')}: exit code ${code}\n${stdout}${stderr}`);
}
