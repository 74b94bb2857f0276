import type { ScalarType } from './scalars.ts';

/** The type of one value of a field. */
export type ValueType =
  | { readonly kind: 'scalar'; readonly scalar: ScalarType; readonly checksUtf8: boolean }
  | { readonly kind: 'enum'; readonly type: EnumType }
  | { readonly kind: 'message'; readonly type: MessageType };

export type Options = Readonly<Record<string, unknown>>;

interface Declared {
  /** As written, without options that the model has members for. */
  readonly options: Options;
}

interface DeclaredType extends Declared {
  /** With the package, without a leading dot. */
  readonly fullName: string;
  readonly reserved: Reserved;
}

export interface EnumType extends DeclaredType {
  readonly numbers: ReadonlyMap<string, number>;
  /** The first name of each number. */
  readonly names: ReadonlyMap<number, string>;
  /** proto2: a number without a name is an unknown field. */
  readonly closed: boolean;
}

export interface Field extends Declared {
  readonly name: string;
  readonly jsonName: string;
  readonly number: number;
  readonly type: ValueType;
  /** The key of a map; `type` is then the value. */
  readonly key: ValueType | undefined;
  /** The name of the message that encodes one entry of a map. */
  readonly entryName: string | undefined;
  readonly repeated: boolean;
  readonly packed: boolean;
  /** `explicit`: absent and the default differ. `implicit`: the default is not written. */
  readonly presence: 'explicit' | 'implicit' | 'required';
  /** Name of its oneof; not of the synthetic one of a proto3 `optional`. */
  readonly oneof: string | undefined;
}

/** Numbers (inclusive ranges) and names that no field or value may use. */
export interface Reserved {
  readonly ranges: readonly (readonly [number, number])[];
  readonly names: readonly string[];
}

export interface MessageType extends DeclaredType {
  readonly name: string;
  /** Sorted by number. */
  readonly fields: readonly Field[];
  /** Declared in it, in order; without the entries of its maps. */
  readonly messages: readonly MessageType[];
  readonly enums: readonly EnumType[];
  /** Whether it is a map entry that the file declares as a message. */
  readonly isMapEntry: boolean;
  /** Whether it is a group or has one, which only types of options can. `fields` is then incomplete. */
  readonly hasGroup: boolean;
}

export interface Rpc {
  readonly name: string;
  readonly request: string;
  readonly response: string;
  readonly streamsRequest: boolean;
  readonly streamsResponse: boolean;
}

export interface Service {
  readonly fullName: string;
  readonly rpcs: readonly Rpc[];
}

/** A .proto file with its names resolved. A recursive message is a graph with a cycle. */
export interface ProtoFile extends Declared {
  readonly packageName: string;
  readonly syntax: string;
  readonly imports: readonly string[];
  /** The top-level ones, in the order of the file. */
  readonly messages: readonly MessageType[];
  readonly enums: readonly EnumType[];
  readonly services: readonly Service[];
  /** Every message by full name, with nested ones, without the entries of maps. */
  readonly messagesByName: ReadonlyMap<string, MessageType>;
}
