import type { operations, ShapeName, shapes } from './service-model.ts';

export type Operation = keyof typeof operations;

/** The request of an operation that `parseRequest` accepted, with the types of the service model. */
export type Request<Name extends Operation> = MembersOf<(typeof operations)[Name]>;

/** The members of a response. */
export type Answer = Record<string, unknown>;

/** An operation of the API: turns the members of the request into those of the response, in one transaction. */
export type Action<Name extends Operation> = (request: Request<Name>) => Answer;

/** The operations whose work can take seconds. It comes before the transaction that stores its result. */
export type SlowOperation = 'CreateSchema' | 'RegisterSchemaVersion';

/** Does the slow work, which only reads. */
export type SlowAction<Name extends SlowOperation> = (
  request: Request<Name>,
  call: Call,
) => Prepared<Answer>;

/** The answer, or what is left to do in a transaction for writing. */
export type Prepared<Result> =
  | { readonly answer: Result; readonly store?: undefined }
  | { readonly answer?: undefined; readonly store: Store<Result> };

/** Stores what was prepared. Returns undefined, and stores nothing, when that is outdated: it depends on what has changed. */
type Store<Result> = () => Result | undefined;

export interface Call {
  /** Whether a version that this call makes stays PENDING until a fault is ended. */
  holdsVersion(versionId: string): boolean;
}

export type Actions = { [Name in Exclude<Operation, SlowOperation>]: Action<Name> };
export type SlowActions = { [Name in SlowOperation]: SlowAction<Name> };

type Shapes = typeof shapes;

/** A null member of a request counts as absent, as in AWS JSON. */
type MembersOf<Structure> = Structure extends {
  required: readonly (infer Required)[];
  members: infer Members extends Readonly<Record<string, ShapeName>>;
}
  ? {
      readonly [Key in Extract<keyof Members, Required>]: ValueOf<Members[Key]>;
    } & {
      readonly [Key in Exclude<keyof Members, Required>]?: ValueOf<Members[Key]>;
    }
  : never;

type ValueOf<Name extends ShapeName> = Shapes[Name] extends { enum: readonly (infer Value)[] }
  ? Value
  : Shapes[Name] extends { type: 'string' }
    ? string
    : Shapes[Name] extends { type: 'integer' }
      ? number
      : Shapes[Name] extends { type: 'boolean' }
        ? boolean
        : Shapes[Name] extends { type: 'list'; member: infer Member extends ShapeName }
          ? readonly ValueOf<Member>[]
          : Shapes[Name] extends { type: 'map' }
            ? Readonly<Record<string, string>>
            : MembersOf<Shapes[Name]>;

export type RegistryIdInput = ValueOf<'RegistryId'>;
export type SchemaIdInput = ValueOf<'SchemaId'>;
export type VersionNumberInput = ValueOf<'SchemaVersionNumber'>;
