import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { composeStack } from '../compose/compose-stack.ts';
import { createOrdersRun } from '../integration/orders-command.ts';

export const password = 'local';
export const replicationPassword = `it's \\ "secret" § 7`;

export type DatabaseStack = Awaited<ReturnType<typeof startDatabase>>;

/** One database of compose.yml, and `orders db` with its address. */
export async function startDatabase(service: 'postgres' | 'mysql') {
  const stack = await composeStack();
  await stack.up([service], 300);
  const env = {
    ...{ PGPORT: stack.ports.POSTGRES_PORT, PGPASSWORD: password },
    ...{ MYSQL_TCP_PORT: stack.ports.MYSQL_PORT, MYSQL_PWD: password },
    REPLICATION_PASSWORD: replicationPassword,
  };
  const clients = {
    postgres: ['psql', '-U', 'postgres', '-d', 'devdb', '-At', '-c'],
    mysql: ['env', `MYSQL_PWD=${password}`, 'mysql', '-h127.0.0.1', '-uroot', '-N', '-e'],
  };
  const inContainer = (...command: string[]) => stack.compose('exec', '-T', service, ...command);
  return {
    orders: createOrdersRun(env),
    env,
    inContainer,
    /** Runs SQL by the client of the image. Returns its output: a line a row. */
    sql: async (text: string) => (await inContainer(...clients[service], text)).trim(),
    /** Ends the server by SIGKILL. */
    kill: () => stack.compose('kill', service),
    start: () => stack.compose('up', '--detach', '--wait', '--wait-timeout', '180', service),
    end: () => stack.end(),
  };
}

/** Runs `orders` on a terminal and types the answers. The environment is `env` alone. */
export async function ordersOnTerminal(
  argv: readonly string[],
  answers: readonly (readonly [question: string, keys: string])[],
  env: Record<string, string>,
): Promise<{ shown: string; code: number; echoes: boolean }> {
  const here = import.meta.dirname;
  const main = join(here, '../../packages/orders-cli/src/main.ts');
  const script = join(here, 'typed_answers.py');
  const command = [script, JSON.stringify(answers), process.execPath, main, ...argv];
  const { PATH = '', NODE_COMPILE_CACHE = '' } = process.env;
  const { stdout } = await promisify(execFile)('python3', command, {
    env: { PATH, NODE_COMPILE_CACHE, TERM: 'xterm', ...env },
  });
  return JSON.parse(stdout);
}

/** A trigger of its own counts each change in the database, beside the command's count. */
export interface AuditCounts {
  inserts: number;
  updates: number;
  deletes: number;
}

/** @param lines `INSERT|7`, as `sql` returns them, with any separator */
export function auditCounts(lines: string): AuditCounts {
  const counts = new Map(lines.split('\n').map((line) => line.split(/[|\t]/) as [string, string]));
  const of = (verb: string) => Number(counts.get(verb) ?? 0);
  return { inserts: of('INSERT'), updates: of('UPDATE'), deletes: of('DELETE') };
}
