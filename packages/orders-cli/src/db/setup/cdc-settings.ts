import type { Database } from '../connection/database.ts';

/** A setting of the server without which no connector can read changes. */
export interface CdcSetting {
  name: string;
  value: string;
  expected: string;
  isMet: boolean;
  /** How to change it. */
  remedy: string;
}

interface Expectation {
  name: string;
  expected: string;
  accepts(value: string): boolean;
  remedy: string;
}

const atLeastOne = (value: string) => Number(value) >= 1;

const expectations: Record<Database['kind'], readonly Expectation[]> = {
  postgresql: [
    {
      name: 'wal_level',
      expected: 'logical',
      accepts: (value) => value === 'logical',
      remedy:
        'start the server with -c wal_level=logical (Amazon RDS: rds.logical_replication = 1)',
    },
    {
      name: 'max_replication_slots',
      expected: 'at least 1',
      accepts: atLeastOne,
      remedy: 'each connector needs a slot',
    },
    {
      name: 'max_wal_senders',
      expected: 'at least 1',
      accepts: atLeastOne,
      remedy: 'each connector needs a sender',
    },
  ],
  mysql: [
    {
      name: 'log_bin',
      expected: 'ON',
      accepts: (value) => value === 'ON',
      remedy: 'start the server with --log-bin (Amazon RDS: switch backups on)',
    },
    {
      name: 'binlog_format',
      expected: 'ROW',
      accepts: (value) => value === 'ROW',
      remedy: 'set binlog_format = ROW',
    },
    {
      name: 'binlog_row_image',
      expected: 'FULL',
      accepts: (value) => value === 'FULL',
      remedy: 'set binlog_row_image = FULL',
    },
  ],
};

/** Reads the settings that change data capture needs. */
export async function readCdcSettings(database: Database): Promise<CdcSetting[]> {
  const expected = expectations[database.kind];
  const names = expected.map(({ name }) => `'${name}'`).join(', ');
  const { rows } = await database.run(
    database.kind === 'postgresql'
      ? `SELECT name, setting AS value FROM pg_settings WHERE name IN (${names})`
      : `SELECT variable_name AS name, variable_value AS value
          FROM performance_schema.global_variables WHERE variable_name IN (${names})`,
  );
  const values = new Map(rows.map(({ name, value }) => [name, value ?? '']));
  return expected.map(({ name, accepts, ...rest }) => {
    const value = values.get(name) ?? 'unknown';
    return { name, value, expected: rest.expected, isMet: accepts(value), remedy: rest.remedy };
  });
}
