import { createLogOutput, type LogOutput } from './log-output.ts';

let output: LogOutput | undefined;

/** The log output of this process, on stderr. All parts share it, so that their lines stay whole and in order. */
export function standardError(): LogOutput {
  if (output === undefined) {
    output = createLogOutput(2);
    process.once('exit', () => output?.flush());
  }
  return output;
}
