import { parseEnum } from './parse-enum.ts';
import { parseOptionList, parseOptionStatement } from './parse-options.ts';
import { maxNumber, parseRanges, parseReserved } from './parse-reserved.ts';
import type { ExtensionSource, FieldSource, MessageSource, SourceFile } from './source-file.ts';
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
    ...{ options: [], reserved: { ranges: [], names: [] } },
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
    else if (tokens.isAt('reserved')) parseReserved(tokens, message.reserved, maxNumber);
    else if (tokens.take('extensions')) {
      parseRanges(tokens, maxNumber);
      parseOptionList(tokens);
      tokens.expect(';');
    } else message.fields.push(parseField(tokens, message, inside));
  }
  return message;
}

function parseOneof(tokens: TokenReader, message: MessageSource, inside: Surroundings): void {
  tokens.expect('oneof');
  const name = tokens.name();
  message.oneofs.push(name);
  tokens.expect('{');
  while (!tokens.take('}')) {
    if (tokens.take(';')) continue;
    if (tokens.isAt('option')) parseOptionStatement(tokens);
    else message.fields.push(parseField(tokens, message, inside, name));
  }
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
  while (!tokens.take('}')) {
    if (!tokens.take(';')) fields.push(parseField(tokens, scope, inside));
  }
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
