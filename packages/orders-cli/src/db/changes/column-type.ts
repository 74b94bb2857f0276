/** A column's type, as far as its values are drawn and printed by it. */
export type ColumnType =
  /** Bounds included. */
  | { kind: 'integer'; min: bigint; max: bigint }
  /** Without a scale, each value has its own. */
  | { kind: 'decimal'; digits: number; scale?: number }
  /** Length in characters. */
  | { kind: 'text'; maxLength: number }
  | { kind: 'enum'; labels: readonly string[] }
  | { kind: 'boolean' | 'json' | 'uuid' | 'date' | 'time' | 'timestamp' }
  /** No value is drawn for it. */
  | { kind: 'other'; name: string };

export interface TableColumn {
  name: string;
  type: ColumnType;
  isNullable: boolean;
  hasDefault: boolean;
}

export const signedInteger = (bits: number): ColumnType => ({
  kind: 'integer',
  min: -(2n ** BigInt(bits - 1)),
  max: 2n ** BigInt(bits - 1) - 1n,
});

export const unsignedInteger = (bits: number): ColumnType => ({
  kind: 'integer',
  min: 0n,
  max: 2n ** BigInt(bits) - 1n,
});
