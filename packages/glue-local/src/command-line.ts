import { readArguments, wholeNumber } from '@order-stream/command-line';

const options = {
  port: { type: 'string', variable: 'GLUE_LOCAL_PORT', fallback: '4570' },
  host: { type: 'string', variable: 'HOST', fallback: '127.0.0.1' },
  database: { type: 'string', variable: 'GLUE_LOCAL_DATABASE', fallback: ':memory:' },
  'pending-ms': { type: 'string', variable: 'GLUE_LOCAL_PENDING_MS', fallback: '0' },
  'deleting-ms': { type: 'string', variable: 'GLUE_LOCAL_DELETING_MS', fallback: '0' },
  seed: { type: 'string', variable: 'GLUE_LOCAL_SEED', fallback: '' },
  region: { type: 'string', variable: 'GLUE_LOCAL_REGION', fallback: 'us-east-1' },
  account: { type: 'string', variable: 'GLUE_LOCAL_ACCOUNT', fallback: '000000000000' },
  // `--no-limits` sets this one to false.
  limits: { type: 'boolean', variable: 'GLUE_LOCAL_NO_LIMITS', fallback: 'false' },
} as const;

export const usage = `usage: glue-local [--port N] [--host H] [--database FILE] [--seed DIR] [--pending-ms N] [--deleting-ms N]
                  [--region R] [--account N] [--no-limits]

The AWS Glue Schema Registry API on this machine. A flag wins over its variable.
  --port         GLUE_LOCAL_PORT         4570        0: any free port
  --host         HOST                    127.0.0.1
  --database     GLUE_LOCAL_DATABASE     :memory:    a file keeps the registry across restarts
  --seed         GLUE_LOCAL_SEED         none        a folder of schemas that are registered at start
  --pending-ms   GLUE_LOCAL_PENDING_MS   0           how long a new version stays PENDING
  --deleting-ms  GLUE_LOCAL_DELETING_MS  0           how long what was deleted stays DELETING
  --region       GLUE_LOCAL_REGION       us-east-1   in every ARN; ARNs of another region are not found
  --account      GLUE_LOCAL_ACCOUNT      000000000000 the same for the account
  --no-limits    GLUE_LOCAL_NO_LIMITS    false       lifts the quotas of AWS, for test runs`;

/** Pure; reports every fault, each with the flag or variable that holds it. */
export function readSettings(argv: string[], env: Readonly<Record<string, string | undefined>>) {
  const { words, flags, faults } = readArguments(argv, options);
  faults.push(...words.map((word) => `${word}: unexpected argument`));
  const settings = {
    port: integer('port', 65_535),
    host: setting('host').value,
    databaseFile: setting('database').value,
    ...readSeedFolder(),
    region: matching('region', /^[a-z]{2,}(-[a-z]+)+-\d+$/, 'a region such as eu-west-1'),
    accountId: matching('account', /^\d{12}$/, '12 digits'),
    pendingMs: integer('pending-ms', 3_600_000),
    deletingMs: integer('deleting-ms', 3_600_000),
    noLimits: readNoLimits(),
  };
  return faults.length > 0 ? { faults } : { settings };

  function setting(flag: Exclude<keyof typeof options, 'limits'>): {
    source: string;
    value: string;
  } {
    const { variable, fallback } = options[flag];
    const given = flags[flag];
    if (given) return { source: `--${flag}`, value: given };
    return { source: variable, value: env[variable] || fallback };
  }

  function readSeedFolder(): { seedFolder?: string } {
    const { value } = setting('seed');
    return value === '' ? {} : { seedFolder: value };
  }

  function matching(flag: 'region' | 'account', form: RegExp, expected: string): string {
    const { source, value } = setting(flag);
    if (!form.test(value)) faults.push(`${source} must be ${expected}, not '${value}'`);
    return value;
  }

  function readNoLimits(): boolean {
    if (flags.limits !== undefined) return !flags.limits;
    const { variable, fallback } = options.limits;
    const value = env[variable] || fallback;
    if (value !== 'true' && value !== 'false') {
      faults.push(`${variable} must be true or false, not '${value}'`);
    }
    return value === 'true';
  }

  function integer(flag: Exclude<keyof typeof options, 'limits'>, max: number): number {
    const { source, value } = setting(flag);
    try {
      return wholeNumber(source, value, { min: 0, max });
    } catch (error) {
      faults.push((error as Error).message);
      return Number.NaN;
    }
  }
}
