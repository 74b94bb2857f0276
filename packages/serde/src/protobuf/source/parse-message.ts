import { parseEnum } from './parse-enum.ts';
import { parseOptionList, parseOptionStatement } from './parse-options.ts';
import { parseRanges, parseReserved, setMax } from './parse-reserved.ts';
import type {
  ExtensionSource,
  FieldSource,
  MessageSource,
  OptionSetting,
  SourceFile,
} from './source-file.ts';
import type { TokenReader } from './token-reader.ts';

// As protoc: MaxMessageDeclarationNestingDepth.
const maxDepth = 32;
const keyTypes = new Set([
  ...['int32', 'uint32', 'sint32', 'fixed32', 'sfixed32', 'bool', 'string'],
  ...['int64', 'uint64', 'sint64', 'fixed64', 'sfixed64'],
]);
const labels = ['optional', 'required', 'repeated'] as const;

/** What surrounds a declaration. */
export interface Surroundings {
  readonly syntax: SourceFile['syntax'];
  readonly depth: number;
}

/** `message Name { … }`, from the word `message` on. */
export function parseMessage(tokens: TokenReader, around: Surroundings): MessageSource {
  tokens.expect('message');
  const { line } = tokens;
  return parseBody(tokens, tokens.name(), line, false, around);
}

function parseBody(
  tokens: TokenReader,
  name: string,
  line: number,
  isGroup: boolean,
  { syntax, depth }: Surroundings,
): MessageSource {
  if (depth >= maxDepth) tokens.reject('the messages nest too deeply');
  const message: MessageSource = {
    ...{ name, line, isGroup, fields: [], oneofs: [], messages: [], enums: [], extensions: [] },
    ...{
      options: [],
      reserved: { ranges: [], names: [] },
      extensionRanges: [],
      extensionOptions: [],
    },
  };
  const inside = { syntax, depth: depth + 1 };
  tokens.expect('{');
  while (!tokens.take('}')) {
    if (tokens.take(';')) continue;
    if (tokens.isAt('message')) message.messages.push(parseMessage(tokens, inside));
    else if (tokens.isAt('enum')) message.enums.push(parseEnum(tokens));
    else if (tokens.isAt('extend')) message.extensions.push(parseExtend(tokens, message, inside));
    else if (tokens.isAt('option')) message.options.push(parseOptionStatement(tokens));
    else if (tokens.isAt('oneof')) parseOneof(tokens, message, inside);
    else if (tokens.isAt('reserved')) parseReserved(tokens, message.reserved, 'message');
    else if (tokens.isAt('extensions')) parseExtensions(tokens, message);
    else message.fields.push(parseField(tokens, message, inside));
  }
  setMax(message);
  return message;
}

/** `extensions 100, 200 to max [options];`, added to the message. */
function parseExtensions(tokens: TokenReader, message: MessageSource): void {
  tokens.expect('extensions');
  const ranges = message.extensionRanges as [number, number][];
  ranges.push(...parseRanges(tokens, 'message'));
  const options = message.extensionOptions as (readonly OptionSetting[])[];
  options.push(parseOptionList(tokens));
  tokens.expect(';');
}

function parseOneof(tokens: TokenReader, message: MessageSource, inside: Surroundings): void {
  tokens.expect('oneof');
  const { line } = tokens;
  const name = tokens.name();
  const options: OptionSetting[] = [];
  message.oneofs.push({ name, line, options });
  tokens.expect('{');
  const before = message.fields.length;
  // protoc allows no empty statement here.
  while (!tokens.take('}')) {
    if (tokens.isAt('option')) options.push(parseOptionStatement(tokens));
    else message.fields.push(parseField(tokens, message, inside, name));
  }
  if (message.fields.length === before) tokens.reject(`the oneof ${name} has no field`, line);
}

/** `extend Name { … }`, from the word `extend` on. Groups are added to the scope. */
export function parseExtend(
  tokens: TokenReader,
  scope: Pick<MessageSource, 'messages'>,
  inside: Surroundings,
): ExtensionSource {
  tokens.expect('extend');
  const { line } = tokens;
  const extendee = tokens.reference();
  const fields: FieldSource[] = [];
  tokens.expect('{');
  // protoc allows no empty statement here.
  while (!tokens.take('}')) {
    const field = parseField(tokens, scope, inside);
    if (field.mapKey !== undefined) tokens.reject('an extension cannot be a map', field.line);
    fields.push(field);
  }
  if (fields.length === 0) tokens.reject('expected a field to add', line);
  return { extendee, line, fields };
}

function parseField(
  tokens: TokenReader,
  scope: Pick<MessageSource, 'messages'>,
  inside: Surroundings,
  oneof?: string,
): FieldSource {
  const { line } = tokens;
  const label = oneof === undefined ? labels.find((word) => tokens.take(word)) : undefined;
  if (label === 'required' && inside.syntax === 'proto3') {
    tokens.reject('proto3 has no required fields', line);
  }
  const { type, mapKey } = parseType(tokens, label === undefined && oneof === undefined);
  if (inside.syntax === 'proto2' && label === undefined && oneof === undefined && !mapKey) {
    tokens.reject('expected optional, required or repeated', line);
  }
  const name = tokens.name();
  tokens.expect('=');
  const number = tokens.integer();
  const options = parseOptionList(tokens);
  const field = { line, label, type, mapKey, oneof, name, number, options, isGroup: false };
  if (type !== 'group') {
    tokens.expect(';');
    return field;
  }
  if (!/^[A-Z]/.test(name)) tokens.reject('the name of a group must begin with a capital', line);
  scope.messages.push(parseBody(tokens, name, line, true, inside));
  return { ...field, type: name, name: name.toLowerCase(), isGroup: true };
}

function parseType(tokens: TokenReader, mayBeMap: boolean) {
  const type = tokens.reference();
  // A message may have the name `map`.
  if (type !== 'map' || !tokens.isAt('<') || !mayBeMap) return { type, mapKey: undefined };
  tokens.expect('<');
  const { line } = tokens;
  const mapKey = tokens.name();
  if (!keyTypes.has(mapKey)) tokens.reject('expected an integer type, bool or string as key', line);
  tokens.expect(',');
  const value = tokens.reference();
  tokens.expect('>');
  return { type: value, mapKey };
}
