import type { Database, SqlRow } from '../connection/database.ts';
import { type ColumnType, signedInteger, type TableColumn } from './column-type.ts';

const query = `SELECT column_name AS name, data_type AS type, is_nullable, character_maximum_length AS length,
    numeric_precision AS precision, numeric_scale AS scale, udt_name,
    CASE WHEN column_default IS NULL THEN 'NO' ELSE 'YES' END AS has_default,
    (SELECT json_agg(enumlabel ORDER BY enumsortorder)
      FROM pg_enum JOIN pg_type ON pg_type.oid = enumtypid JOIN pg_namespace ON pg_namespace.oid = typnamespace
      WHERE typname = udt_name AND nspname = udt_schema) AS labels
  FROM information_schema.columns WHERE table_schema = $1 AND table_name = $2 ORDER BY ordinal_position`;

export async function postgresqlColumns(
  database: Database,
  schema: string,
  table: string,
): Promise<TableColumn[]> {
  const { rows } = await database.run(query, [schema, table]);
  return rows.map((row) => ({
    name: row.name ?? '',
    type: columnType(row),
    isNullable: row.is_nullable === 'YES',
    hasDefault: row.has_default === 'YES',
  }));
}

function columnType({ type, length, precision, scale, labels, udt_name }: SqlRow): ColumnType {
  if (labels) return { kind: 'enum', labels: JSON.parse(labels) as string[] };
  switch (type) {
    case 'smallint':
      return signedInteger(16);
    case 'integer':
      return signedInteger(32);
    case 'bigint':
      return signedInteger(64);
    case 'numeric':
      return precision
        ? { kind: 'decimal', digits: Number(precision), scale: Number(scale) }
        : { kind: 'decimal', digits: 30 };
    case 'text':
    case 'character varying':
    case 'character':
      return { kind: 'text', maxLength: length ? Number(length) : 200 };
    case 'boolean':
    case 'uuid':
    case 'date':
      return { kind: type };
    case 'json':
    case 'jsonb':
      return { kind: 'json' };
    case 'time without time zone':
      return { kind: 'time' };
    case 'timestamp without time zone':
    case 'timestamp with time zone':
      return { kind: 'timestamp' };
    default:
      return { kind: 'other', name: udt_name ?? '' };
  }
}
