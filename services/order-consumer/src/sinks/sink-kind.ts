import type { ConfigFault, Logger } from '@order-stream/runtime';
import type { Static, TObject, TProperties } from 'typebox';
import type { ByteBudget } from '../byte-budget.ts';
import type { TombstonePolicy } from '../record-decoder.ts';
import type { FlushTrigger, Sink } from './sink.ts';

/** What every sink may use. */
export interface SinkParts {
  readonly logger: Logger;
  readonly serviceVersion: string;
  /** Counts the bytes that all sinks keep in memory. */
  readonly budget: ByteBudget;
  /** How null values, and rows that Debezium marks as deleted, are handled. */
  readonly tombstones: TombstonePolicy;
  /** Undefined: as the AWS SDK finds it. */
  readonly region: string | undefined;
  /** Whether the process is about to end. */
  readonly stopping: () => boolean;
  /** Reports that records were stored together, and how long it took. */
  flushed(sink: string, trigger: FlushTrigger, seconds: number): void;
}

/** A kind of sink: its variables, and how one is created from them. */
export interface SinkKind<Variables extends TProperties> {
  /** Their descriptions are the text of docs/configuration.md. */
  readonly variables: Variables;
  /** Faults of several variables together. Called only if `SINKS` has this kind; values that are invalid alone are absent. */
  faults?(config: Partial<Static<TObject<Variables>>>): ConfigFault[];
  create(config: Static<TObject<Variables>>, parts: SinkParts): Sink;
}

/** Infers the types of a kind's variables. */
export function sinkKind<Variables extends TProperties>(
  kind: SinkKind<Variables>,
): SinkKind<Variables> {
  return kind;
}
