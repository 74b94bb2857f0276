import { exitCodes, parseArguments } from '@order-stream/command-line';
import type { Command, Terminal } from '../command.ts';
import { confirm } from './connection/confirm.ts';
import type { Database } from './connection/database.ts';
import {
  connectionFlags,
  connectionFlagsHelp,
  databaseKind,
  databaseSettings,
} from './connection/database-settings.ts';
import { createLogin, type Login } from './connection/login.ts';
import { withDatabase } from './connection/open-database.ts';
import { findPassword } from './connection/password.ts';
import { type CdcSetting, readCdcSettings } from './setup/cdc-settings.ts';
import { createParts } from './setup/create-parts.ts';
import type { DatabasePart } from './setup/database-part.ts';
import { mysqlParts } from './setup/mysql-parts.ts';
import { postgresqlParts } from './setup/postgresql-parts.ts';

const help = `orders db setup [flags]: create sample tables for change data capture

  --kind KIND            postgresql or mysql (default postgresql)
${connectionFlagsHelp}
  --replication-user NAME
                         also create the user as which connectors read changes
  --replication-password-file FILE
                         its first line is that user's password (default REPLICATION_PASSWORD, else the
                         command asks)
  --yes                  create without a question
  --json                 the result as one JSON object
  --help                 this text

PostgreSQL: schema ods with customers, products, orders and order_lines, the table ods.cdc_events whose
rows change, and the publication cdc_events for it. The database itself must exist. MySQL: the database,
and the table person in it. All tables have sample rows.

The command shows what exists and what it will create, and asks before it creates. It can be repeated:
what exists is not changed, and the password of an existing user stays. It also names the settings of
the server without which connectors cannot read changes, such as wal_level; it does not change them.

With --replication-user, a connector can read only these tables. Set its publication.name=cdc_events and
publication.autocreate.mode=disabled: the user owns no table. Without the flag no user is created.

Exit code: 0 everything exists, 1 otherwise, 2 wrong flags, 78 wrong environment, 130 stopped.`;

async function run(argv: string[], terminal: Terminal): Promise<number> {
  const { flags } = parseArguments(argv, {
    kind: { type: 'string', default: 'postgresql' },
    ...connectionFlags,
    'replication-user': { type: 'string' },
    'replication-password-file': { type: 'string' },
    yes: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  });
  const settings = databaseSettings(databaseKind(flags.kind), flags, terminal.env);
  const login = await createLogin(settings, terminal);
  const user = await replicationUser(flags, login, terminal);
  return withDatabase(login, terminal, async (database) => {
    const parts =
      login.kind === 'mysql' ? mysqlParts(login.dbname, user) : postgresqlParts(database, user);
    const missing: DatabasePart[] = [];
    for (const part of parts) if (!(await part.exists(database))) missing.push(part);
    const cdcSettings = await readCdcSettings(database);
    const report = reportTo(terminal, flags.json, login, { parts, missing, cdcSettings });
    return create(database, missing, flags.yes, terminal, report);
  });
}

/** Asked for before anything is created, also when the user turns out to exist. */
async function replicationUser(
  flags: { 'replication-user'?: string; 'replication-password-file'?: string },
  login: Login,
  terminal: Terminal,
) {
  const name = flags['replication-user'];
  if (name === undefined) return undefined;
  const password = await findPassword(
    {
      owner: `the replication user ${name}`,
      file: flags['replication-password-file'],
      fileFlag: '--replication-password-file',
      variable: 'REPLICATION_PASSWORD',
    },
    terminal,
  );
  login.secrets.push(password);
  return { name, password };
}

async function create(
  database: Database,
  missing: readonly DatabasePart[],
  isConfirmed: boolean,
  terminal: Terminal,
  report: ReturnType<typeof reportTo>,
): Promise<number> {
  if (missing.length === 0) {
    report.end('nothing');
    return exitCodes.ok;
  }
  report.plan();
  const question = `Create ${missing.length === 1 ? 'it' : `these ${missing.length}`} at ${database.place}?`;
  if (!(isConfirmed || (await confirm(question, terminal)))) {
    report.end('refused');
    return exitCodes.failed;
  }
  await createParts(database, missing, terminal.stop);
  report.end('created');
  return exitCodes.ok;
}

interface Findings {
  parts: readonly DatabasePart[];
  missing: readonly DatabasePart[];
  cdcSettings: readonly CdcSetting[];
}

function reportTo(
  { stdout, stderr, stdin }: Terminal,
  json: boolean,
  { place, dbname }: Login,
  { parts, missing, cdcSettings }: Findings,
) {
  const say = (line: string) => stderr.write(`orders db setup: ${line}\n`);
  return {
    plan() {
      if (json) return;
      for (const part of parts)
        stdout.write(`${missing.includes(part) ? 'to create' : 'exists'}: ${part.name}\n`);
    },
    end(outcome: 'created' | 'nothing' | 'refused') {
      for (const { name, value, expected, isMet, remedy } of cdcSettings)
        if (!isMet)
          say(`change data capture needs ${name} ${expected}, and it is ${value}: ${remedy}`);
      const created = outcome === 'created' ? missing : [];
      if (json) {
        const names = (of: readonly DatabasePart[]) => of.map(({ name }) => name);
        stdout.write(
          `${JSON.stringify({
            created: names(created),
            existed: names(parts.filter((part) => !missing.includes(part))),
            missing: names(missing.filter((part) => !created.includes(part))),
            cdc_settings: cdcSettings.map(({ isMet, remedy, ...setting }) => ({
              ...setting,
              is_met: isMet,
            })),
          })}\n`,
        );
      } else if (outcome === 'created') {
        for (const { name } of created) stdout.write(`created: ${name}\n`);
      } else if (outcome === 'nothing') {
        stdout.write(`nothing to create: all ${parts.length} parts exist at ${place}/${dbname}\n`);
      }
      if (outcome === 'refused')
        say(`nothing was created${stdin?.isTTY ? '' : ': pass --yes to create'}`);
    },
  };
}

export const dbSetupCommand: Command = {
  words: ['db', 'setup'],
  summary: 'create sample tables for change data capture',
  help,
  run,
};
