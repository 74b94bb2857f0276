import type { GeneratorValue } from 'fast-check';
import type { ForeignProcess } from '../conformance/foreign-process.ts';

/** What one side says to each question of a case. The questions of both sides have the same names. */
export type Answers = Record<string, string>;

export interface Compared {
  java: Answers;
  ours: Answers;
  /** Where the answers of `java` are from, if not from Java. */
  comparedWith?: string;
  /** Why a side refused, for people: messages of the libraries. Never compared. */
  reasons: Record<string, string>;
}

/** How the cases of a data format are drawn, asked and made smaller. `Input` is plain JSON, without closures. */
export interface FuzzFormat<Input = unknown> {
  name: FormatName;
  draw(g: GeneratorValue): Input;
  /** Asks both sides. Rejects if the Java process fails, which is never an answer. */
  compare(input: Input, java: ForeignProcess): Promise<Compared>;
  /** Smaller inputs, in the order in which they are worth trying. */
  shrink(input: Input): Iterable<Input>;
  /** The input as a person reads it. */
  print(input: Input): string;
}

export const formatNames = ['avro', 'json', 'json-verdict', 'protobuf'] as const;
export type FormatName = (typeof formatNames)[number];
