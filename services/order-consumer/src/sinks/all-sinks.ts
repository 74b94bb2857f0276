import type { Static, TObject, TProperties } from 'typebox';
import { dynamodbSink } from './dynamodb/dynamodb-kind.ts';
import { s3Sink } from './s3/s3-sink-kind.ts';
import type { Sink } from './sink.ts';
import type { SinkKind, SinkParts } from './sink-kind.ts';
import { stdoutSink } from './stdout-sink.ts';

/** By its name in `SINKS`. */
export const sinkKinds = {
  stdout: stdoutSink,
  dynamodb: dynamodbSink,
  s3: s3Sink,
};

type SinkKinds = typeof sinkKinds;
type Intersection<Union> = (Union extends unknown ? (one: Union) => void : never) extends (
  all: infer All,
) => void
  ? All
  : never;

export const sinkNames = Object.keys(sinkKinds) as (keyof SinkKinds)[];

/** The variables of all kinds. */
export const sinkVariables = Object.assign(
  {},
  ...Object.values(sinkKinds).map(({ variables }) => variables),
) as Intersection<SinkKinds[keyof SinkKinds]['variables']>;

type SinkConfig = Static<TObject<typeof sinkVariables>>;

/** A kind accepts the variables of all kinds, of which it reads its own. */
export const kindNamed = (name: string): SinkKind<TProperties> | undefined =>
  Object.hasOwn(sinkKinds, name)
    ? (sinkKinds[name as keyof SinkKinds] as unknown as SinkKind<TProperties>)
    : undefined;

/** Creates the sinks of `SINKS`, in its order. */
export function createSinks(
  config: SinkConfig & { SINKS: readonly string[] },
  parts: SinkParts,
): Sink[] {
  return config.SINKS.map((name) =>
    (kindNamed(name) as SinkKind<TProperties>).create(config, parts),
  );
}
