export interface Settings {
  port: number;
  host: string;
  databaseFile: string;
  pendingMs: number;
}

export type ReadSettings = { settings: Settings } | { help: true } | { faults: string[] };

const variables = {
  port: { flag: '--port', variable: 'GLUE_LOCAL_PORT', fallback: '4570' },
  host: { flag: '--host', variable: 'HOST', fallback: '127.0.0.1' },
  databaseFile: { flag: '--database', variable: 'GLUE_LOCAL_DATABASE', fallback: ':memory:' },
  pendingMs: { flag: '--pending-ms', variable: 'GLUE_LOCAL_PENDING_MS', fallback: '0' },
} as const;
type Name = keyof typeof variables;

export const usage = `usage: glue-local [--port N] [--host H] [--database FILE] [--pending-ms N]

The AWS Glue Schema Registry API on this machine. A flag wins over its variable.
  --port        GLUE_LOCAL_PORT        4570        0: any free port
  --host        HOST                   127.0.0.1
  --database    GLUE_LOCAL_DATABASE    :memory:    a file keeps the registry over restarts
  --pending-ms  GLUE_LOCAL_PENDING_MS  0           how long a new version stays PENDING
`;

/** Pure; reports every fault, each by the flag or variable that holds it. */
export function readSettings(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): ReadSettings {
  const faults: string[] = [];
  const given = new Map<Name, { source: string; text: string }>();
  for (const [name, { variable, fallback }] of entries()) {
    given.set(name, { source: variable, text: env[variable] || fallback });
  }
  const rest = [...args];
  for (let flag = rest.shift(); flag !== undefined; flag = rest.shift()) {
    if (flag === '--help' || flag === '-h') return { help: true };
    const [key = '', inline] = flag.split(/=(.*)/s);
    const name = entries().find(([, known]) => known.flag === key)?.[0];
    if (name === undefined) {
      faults.push(`${key}: unknown flag`);
      continue;
    }
    const text = inline ?? rest.shift();
    if (text === undefined || text === '') faults.push(`${key}: a value is missing`);
    else given.set(name, { source: key, text });
  }

  const settings: Settings = {
    port: integer('port', 65_535),
    host: given.get('host')?.text ?? '',
    databaseFile: given.get('databaseFile')?.text ?? '',
    pendingMs: integer('pendingMs', 3_600_000),
  };
  return faults.length > 0 ? { faults } : { settings };

  function integer(name: Name, max: number): number {
    const { source, text } = given.get(name) ?? { source: name, text: '' };
    const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
    if (!(value <= max)) faults.push(`${source}: "${text}" is no integer from 0 to ${max}`);
    return value;
  }
}

function entries() {
  return Object.entries(variables) as [Name, (typeof variables)[Name]][];
}
