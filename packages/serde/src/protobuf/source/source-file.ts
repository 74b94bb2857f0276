import type { Reserved } from '../proto-file.ts';

/** The value of an option. Names of enum values are strings; an integer beyond 2^53 is its digits. */
export type OptionValue = string | number | boolean | OptionValue[] | OptionTree;
export interface OptionTree {
  [name: string]: OptionValue;
}

/** `option (a.b).c = 1;`, with the path `(a.b)`, `c`. */
export interface OptionSetting {
  readonly path: readonly string[];
  readonly value: OptionValue;
}

interface Declaration {
  readonly name: string;
  readonly line: number;
  readonly options: readonly OptionSetting[];
}

export interface FieldSource extends Declaration {
  readonly number: number;
  readonly label: 'optional' | 'required' | 'repeated' | undefined;
  /** A scalar type, or the name of a type as written. For a map the type of its values. */
  readonly type: string;
  readonly mapKey: string | undefined;
  readonly oneof: string | undefined;
  /** A group declares its message and a field of it. */
  readonly isGroup: boolean;
}

/** Fields that a file adds to a message. */
export interface ExtensionSource {
  /** The name of the message, as written. */
  readonly extendee: string;
  readonly line: number;
  readonly fields: readonly FieldSource[];
}

export interface MessageSource extends Declaration {
  readonly fields: FieldSource[];
  readonly oneofs: string[];
  readonly messages: MessageSource[];
  readonly enums: EnumSource[];
  readonly extensions: ExtensionSource[];
  readonly reserved: Reserved;
  readonly options: OptionSetting[];
  readonly isGroup: boolean;
}

export interface EnumSource extends Declaration {
  readonly values: readonly { readonly name: string; readonly number: number }[];
  readonly reserved: Reserved;
}

export interface RpcSource {
  readonly name: string;
  readonly line: number;
  readonly request: string;
  readonly response: string;
  readonly streamsRequest: boolean;
  readonly streamsResponse: boolean;
}

export interface ServiceSource extends Declaration {
  readonly rpcs: readonly RpcSource[];
}

export interface ImportSource {
  readonly path: string;
  /** Whether a file that imports this file can use the names of the imported one. */
  readonly isPublic: boolean;
}

/** A .proto file as it is written: its names are not resolved. */
export interface SourceFile {
  readonly syntax: 'proto2' | 'proto3';
  readonly packageName: string;
  readonly imports: readonly ImportSource[];
  readonly options: readonly OptionSetting[];
  readonly messages: readonly MessageSource[];
  readonly enums: readonly EnumSource[];
  readonly services: readonly ServiceSource[];
  readonly extensions: readonly ExtensionSource[];
}
