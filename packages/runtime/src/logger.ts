import { type LogOutput, standardError } from '@order-stream/standard-streams';
import pino from 'pino';

export type Logger = pino.Logger;

const secretPaths = ['password', 'sasl', 'token', 'secret', 'authorization', 'credentials'];

/**
 * JSON lines on stderr; only the stdout sink writes to stdout. Fields with the name of a secret are redacted at the
 * top level and one level below. A line that cannot be written is lost, and a later line reports how many were.
 */
export function createLogger(
  { name, level }: { name: string; level: string },
  output: LogOutput = standardError(),
): Logger {
  const options = {
    name,
    level,
    base: { service: name, pid: process.pid },
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: [
      ...secretPaths,
      ...secretPaths.map((path) => `*.${path}`),
      'req.headers.authorization',
    ],
  };
  // A logger of its own: a loss is reported at every level, because the lost lines had that level too.
  let report = '';
  const lossLogger = pino({ ...options, level: 'warn' }, { write: (line) => (report = line) });
  output.describeLoss((lines, reason) => {
    lossLogger.warn({ lines, reason }, 'log lines were lost');
    return report;
  });
  return pino(options, output);
}
