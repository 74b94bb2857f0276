import { randomUUID } from 'node:crypto';
import { parseArguments, UsageError, wholeNumber } from '@order-stream/command-line';
import type { Terminal } from '../../command.ts';
import {
  connectionFlags,
  type DatabaseSettings,
  databaseKind,
  databaseSettings,
} from '../connection/database-settings.ts';
import type { ChangeRun } from './run-changes.ts';

export interface ChurnOptions extends Pick<ChangeRun, 'keys' | 'rate' | 'limit'> {
  settings: DatabaseSettings;
  seed: string;
  /** How long to wait for a database that was lost. */
  waitMs: number;
  json: boolean;
}

/** @throws UsageError, ConfigError */
export function churnOptions(argv: string[], env: Terminal['env']): ChurnOptions {
  const { flags } = parseArguments(argv, {
    kind: { type: 'string', default: 'postgresql' },
    ...connectionFlags,
    changes: { type: 'string' },
    for: { type: 'string' },
    rate: { type: 'string', default: '10' },
    keys: { type: 'string', default: '1000' },
    seed: { type: 'string' },
    json: { type: 'boolean', default: false },
  });
  if (flags.changes !== undefined && flags.for !== undefined)
    throw new UsageError('--changes and --for exclude each other');
  const settings = databaseSettings(databaseKind(flags.kind), flags, env);
  const seconds = wholeNumber('--for', flags.for ?? '60', { min: 0 });
  const isEndless = flags.changes === undefined && seconds === 0;
  return {
    settings,
    limit:
      flags.changes === undefined
        ? { durationMs: isEndless ? Number.POSITIVE_INFINITY : seconds * 1000 }
        : { changes: wholeNumber('--changes', flags.changes, { min: 1 }) },
    rate: wholeNumber('--rate', flags.rate, { min: 0, max: 1_000_000 }),
    keys: wholeNumber('--keys', flags.keys, { min: 1, max: 1_000_000 }),
    seed: flags.seed ?? randomUUID(),
    waitMs: isEndless ? Number.POSITIVE_INFINITY : settings.waitMs,
    json: flags.json,
  };
}
