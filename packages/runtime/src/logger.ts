import pino from 'pino';

export type Logger = pino.Logger;

const secretPaths = ['password', 'sasl', 'token', 'secret', 'authorization', 'credentials'];

/**
 * JSON lines on stderr; only the stdout sink writes to stdout. Fields with the name of a secret are redacted at the
 * top level and one level below.
 */
export function createLogger(options: { name: string; level: string }): Logger {
  return pino(
    {
      name: options.name,
      level: options.level,
      base: { service: options.name, pid: process.pid },
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: [
        ...secretPaths,
        ...secretPaths.map((path) => `*.${path}`),
        'req.headers.authorization',
      ],
    },
    pino.destination({ fd: 2, sync: true }),
  );
}
