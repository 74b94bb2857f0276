import type { Database, SqlRow } from '../connection/database.ts';
import {
  type ColumnType,
  signedInteger,
  type TableColumn,
  unsignedInteger,
} from './column-type.ts';

const query = `SELECT column_name AS name, data_type AS type, column_type AS definition, is_nullable AS is_nullable,
    character_maximum_length AS length, numeric_precision AS digits, numeric_scale AS scale,
    IF(column_default IS NULL, 'NO', 'YES') AS has_default
  FROM information_schema.columns WHERE table_schema = ? AND table_name = ? ORDER BY ordinal_position`;

export async function mysqlColumns(
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

const integerBits: Record<string, number> = {
  tinyint: 8,
  smallint: 16,
  mediumint: 24,
  int: 32,
  bigint: 64,
};

function columnType({ type, definition, length, digits, scale }: SqlRow): ColumnType {
  const name = type ?? '';
  const bits = integerBits[name];
  if (definition === 'tinyint(1)') return { kind: 'integer', min: 0n, max: 1n };
  if (bits !== undefined)
    return definition?.includes('unsigned') ? unsignedInteger(bits) : signedInteger(bits);
  switch (name) {
    case 'decimal':
      return { kind: 'decimal', digits: Number(digits), scale: Number(scale) };
    case 'char':
    case 'varchar':
    case 'text':
      return { kind: 'text', maxLength: Math.min(Number(length), 200) };
    case 'enum':
      return { kind: 'enum', labels: enumLabels(definition ?? '') };
    case 'json':
    case 'date':
    case 'time':
    case 'timestamp':
      return { kind: name };
    case 'datetime':
      return { kind: 'timestamp' };
    default:
      return { kind: 'other', name };
  }
}

/** `enum('a','it''s')` → `a`, `it's` */
const enumLabels = (definition: string): string[] =>
  [...definition.matchAll(/'((?:[^']|'')*)'/g)].map(([, label]) =>
    (label as string).replaceAll("''", "'"),
  );
