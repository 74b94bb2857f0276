/** The types that a field can have besides messages and enums. */
export type ScalarType =
  | 'double'
  | 'float'
  | 'int32'
  | 'uint32'
  | 'sint32'
  | 'fixed32'
  | 'sfixed32'
  | 'int64'
  | 'uint64'
  | 'sint64'
  | 'fixed64'
  | 'sfixed64'
  | 'bool'
  | 'string'
  | 'bytes';

/** What one value of a field is. */
export type ValueType =
  | { readonly kind: 'scalar'; readonly scalar: ScalarType; readonly checksUtf8: boolean }
  | { readonly kind: 'enum'; readonly type: EnumType }
  | { readonly kind: 'message'; readonly type: MessageType };

export type Options = Readonly<Record<string, unknown>>;

export interface EnumType {
  /** With the package, without a leading dot. */
  readonly fullName: string;
  readonly numbers: ReadonlyMap<string, number>;
  /** The first name of each number. */
  readonly names: ReadonlyMap<number, string>;
  /** proto2: a number without a name is an unknown field. */
  readonly closed: boolean;
  readonly reserved: Reserved;
  /** As written; without those that the model has a place for. */
  readonly options: Options;
}

export interface Field {
  readonly name: string;
  readonly jsonName: string;
  readonly number: number;
  readonly type: ValueType;
  /** Of a map the key; `type` is the value then. */
  readonly key: ValueType | undefined;
  /** Of a map the name of the message that one entry is on the wire. */
  readonly entryName: string | undefined;
  readonly repeated: boolean;
  readonly packed: boolean;
  /** `explicit`: absent and the default differ. `implicit`: the default is not written. */
  readonly presence: 'explicit' | 'implicit' | 'required';
  /** Name of the oneof it is in; not of the one that a proto3 `optional` stands for. */
  readonly oneof: string | undefined;
  /** As written; without those that the model has a place for. */
  readonly options: Options;
}

/** Numbers (ranges with both ends) and names that no field or value may take any more. */
export interface Reserved {
  readonly ranges: readonly (readonly [number, number])[];
  readonly names: readonly string[];
}

export interface MessageType {
  /** With the package, without a leading dot. */
  readonly fullName: string;
  readonly name: string;
  /** In the order of their numbers. */
  readonly fields: readonly Field[];
  /** Declared in it, in order; not the entries of its maps. */
  readonly messages: readonly MessageType[];
  readonly enums: readonly EnumType[];
  readonly reserved: Reserved;
  /** It is one entry of a map, written out as a message. */
  readonly isMapEntry: boolean;
  /** As written; without those that the model has a place for. */
  readonly options: Options;
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
export interface ProtoFile {
  readonly packageName: string;
  readonly syntax: string;
  readonly imports: readonly string[];
  /** As written; without those that the model has a place for. */
  readonly options: Options;
  /** Those at the top, in the order of the file. */
  readonly messages: readonly MessageType[];
  readonly enums: readonly EnumType[];
  readonly services: readonly Service[];
  /** Every message of the file by full name, nested ones included; not the entries of maps. */
  readonly messagesByName: ReadonlyMap<string, MessageType>;
}
