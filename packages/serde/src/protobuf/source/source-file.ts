import type { Reserved } from '../proto-file.ts';

/** The value of an option as it is written. A minus sign before `inf` or `nan` makes it a float. */
export type OptionLiteral =
  | { readonly kind: 'identifier' | 'string'; readonly text: string }
  | { readonly kind: 'integer'; readonly value: bigint; readonly isNegative: boolean }
  | { readonly kind: 'float'; readonly value: number }
  | { readonly kind: 'message'; readonly members: readonly OptionMember[] }
  | { readonly kind: 'list'; readonly values: readonly OptionLiteral[] };

/** A field of a message in the text format: `a: 1`, `b { … }`, `[ext.name]: 2`. */
export interface OptionMember {
  readonly name: string;
  readonly hasColon: boolean;
  readonly value: OptionLiteral;
}

/** `option (a.b).c = 1;`, with the path `(a.b)`, `c`. */
export interface OptionSetting {
  readonly path: readonly string[];
  readonly value: OptionLiteral;
  readonly line: number;
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
  readonly oneofs: OneofSource[];
  readonly messages: MessageSource[];
  readonly enums: EnumSource[];
  readonly extensions: ExtensionSource[];
  readonly reserved: Reserved;
  /** Numbers that extensions can have, as inclusive ranges. */
  readonly extensionRanges: readonly (readonly [number, number])[];
  /** The options of each `extensions` statement. */
  readonly extensionOptions: readonly (readonly OptionSetting[])[];
  readonly options: OptionSetting[];
  readonly isGroup: boolean;
}

export type OneofSource = Declaration;

export interface EnumValueSource extends Declaration {
  readonly number: number;
}

export interface EnumSource extends Declaration {
  readonly values: readonly EnumValueSource[];
  readonly reserved: Reserved;
}

export interface RpcSource extends Declaration {
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
