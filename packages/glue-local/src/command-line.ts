import { readArguments, wholeNumber } from '@order-stream/command-line';

const options = {
  port: { type: 'string', variable: 'GLUE_LOCAL_PORT', fallback: '4570' },
  host: { type: 'string', variable: 'HOST', fallback: '127.0.0.1' },
  database: { type: 'string', variable: 'GLUE_LOCAL_DATABASE', fallback: ':memory:' },
  'pending-ms': { type: 'string', variable: 'GLUE_LOCAL_PENDING_MS', fallback: '0' },
} as const;

export const usage = `usage: glue-local [--port N] [--host H] [--database FILE] [--pending-ms N]

The AWS Glue Schema Registry API on this machine. A flag wins over its variable.
  --port        GLUE_LOCAL_PORT        4570        0: any free port
  --host        HOST                   127.0.0.1
  --database    GLUE_LOCAL_DATABASE    :memory:    a file keeps the registry across restarts
  --pending-ms  GLUE_LOCAL_PENDING_MS  0           how long a new version stays PENDING`;

/** Pure; reports every fault, each with the flag or variable that holds it. */
export function readSettings(argv: string[], env: Readonly<Record<string, string | undefined>>) {
  const { words, flags, faults } = readArguments(argv, options);
  faults.push(...words.map((word) => `${word}: unexpected argument`));
  const settings = {
    port: integer('port', 65_535),
    host: setting('host').value,
    databaseFile: setting('database').value,
    pendingMs: integer('pending-ms', 3_600_000),
  };
  return faults.length > 0 ? { faults } : { settings };

  function setting(flag: keyof typeof options): { source: string; value: string } {
    const { variable, fallback } = options[flag];
    const given = flags[flag];
    if (given) return { source: `--${flag}`, value: given };
    return { source: variable, value: env[variable] || fallback };
  }

  function integer(flag: keyof typeof options, max: number): number {
    const { source, value } = setting(flag);
    try {
      return wholeNumber(source, value, { min: 0, max });
    } catch (error) {
      faults.push((error as Error).message);
      return Number.NaN;
    }
  }
}
