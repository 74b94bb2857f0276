import { startChild } from './child.ts';
import { freePort } from './ports.ts';
import { StackFault } from './stack-fault.ts';

/** A stand-in for stores of AWS, in its own process on this machine. */
export interface Store {
  port: number;
  /** For `AWS_ENDPOINT_URL_S3`, `_DYNAMODB` or `_STS`. */
  endpoint: string;
  stop(): Promise<void>;
}

/** Where `after` of a test or of a test file registers the end of a store. */
export interface StoreContext {
  after(stop: () => Promise<void>): void;
}

interface StoreProcess {
  name: string;
  /** Command and arguments that listen on 127.0.0.1 and this port. */
  command: (port: number) => [string, ...string[]];
  /** The line that the process prints when it answers. */
  ready: RegExp;
  /** Default: the environment of this process. */
  env?: NodeJS.ProcessEnv;
  /** Called after the process has ended. */
  onStopped?: () => void;
}

/** Starts a store on a free port. It ends with its test, and with this process at the latest. */
export async function startStore(
  { name, command, ready, env = process.env, onStopped }: StoreProcess,
  context?: StoreContext,
): Promise<Store> {
  const port = await freePort();
  const [program, ...args] = command(port);
  const child = await startChild({ name, command: program, args, env });
  const stop = async () => {
    await child.stop(5_000);
    onStopped?.();
  };
  context?.after(stop);
  try {
    await child.waitForLine(ready, 60_000);
  } catch {
    await stop();
    throw new StackFault(
      `${name} did not start. Its last lines:\n${child.lastLines().slice(-15).join('\n')}`,
    );
  }
  return { port, endpoint: `http://127.0.0.1:${port}`, stop };
}
