import type { OptionLiteral, OptionMember, OptionSetting } from './source-file.ts';
import type { TokenReader } from './token-reader.ts';

// As deep as protoc reads messages.
const maxDepth = 100;

/** `option name = value;`, from the word `option` on. */
export function parseOptionStatement(tokens: TokenReader): OptionSetting {
  tokens.expect('option');
  const setting = parseSetting(tokens);
  tokens.expect(';');
  return setting;
}

/** `[name = value, …]`, if it is there. */
export function parseOptionList(tokens: TokenReader): OptionSetting[] {
  const settings: OptionSetting[] = [];
  if (!tokens.take('[')) return settings;
  do settings.push(parseSetting(tokens));
  while (tokens.take(','));
  tokens.expect(']');
  return settings;
}

function parseSetting(tokens: TokenReader): OptionSetting {
  const { line } = tokens;
  const path: string[] = [];
  do {
    if (tokens.take('(')) {
      path.push(`(${tokens.reference()})`);
      tokens.expect(')');
    } else path.push(tokens.name());
    if (path.length > maxDepth) tokens.reject('the option nests too deeply');
  } while (tokens.take('.'));
  tokens.expect('=');
  const value = tokens.isAt('{') ? parseMessage(tokens, 1) : parseScalar(tokens, ['inf', 'nan']);
  return { path, value, line };
}

/** A message in the text format: `{ a: 1, b { c: "x" } [ext.name]: [1, 2] }`. */
function parseMessage(tokens: TokenReader, depth: number): OptionLiteral {
  if (depth > maxDepth) tokens.reject('the option nests too deeply');
  const members: OptionMember[] = [];
  const close = tokens.take('<') ? '>' : '}';
  if (close === '}') tokens.expect('{');
  while (!tokens.take(close)) {
    if (depth === 1 && tokens.take('#')) {
      skipBlock(tokens);
      break;
    }
    const name = tokens.isAt('[') ? parseExtensionName(tokens) : tokens.name();
    const hasColon = tokens.take(':');
    members.push({ name, hasColon, value: parseValue(tokens, depth) });
    if (!tokens.take(',')) tokens.take(';');
  }
  return { kind: 'message', members };
}

/**
 * Skips the rest of an option in braces. protoc joins the tokens of the option to one line before it reads the text
 * format, so that a comment with `#` ends with the option and not with its line.
 */
function skipBlock(tokens: TokenReader): void {
  for (let open = 1; open > 0; ) {
    if (tokens.take('{')) open += 1;
    else if (tokens.take('}')) open -= 1;
    else if (tokens.next().kind === 'end') tokens.fail('}');
  }
}

/** `[package.extension]`, or the URL of a type in an Any: `[host/package.Type]`. */
function parseExtensionName(tokens: TokenReader): string {
  tokens.expect('[');
  let name = tokens.dottedName();
  while (tokens.isAt('/') || tokens.isAt('-'))
    name += `${tokens.next().text}${tokens.dottedName()}`;
  tokens.expect(']');
  return `[${name}]`;
}

function parseValue(tokens: TokenReader, depth: number): OptionLiteral {
  if (depth > maxDepth) tokens.reject('the option nests too deeply');
  if (tokens.isAt('{') || tokens.isAt('<')) return parseMessage(tokens, depth + 1);
  if (!tokens.take('[')) return parseScalar(tokens, ['inf', 'infinity', 'nan']);
  const values: OptionLiteral[] = [];
  if (tokens.take(']')) return { kind: 'list', values };
  do values.push(parseValue(tokens, depth + 1));
  while (tokens.take(','));
  tokens.expect(']');
  return { kind: 'list', values };
}

/** @param negatable names of numbers that may have a minus sign */
function parseScalar(tokens: TokenReader, negatable: readonly string[]): OptionLiteral {
  const isNegative = tokens.take('-');
  const { kind, text } = tokens.peek();
  if (kind === 'string' && !isNegative) return { kind: 'string', text: tokens.string() };
  if (kind === 'word') {
    const name = text.toLowerCase();
    if (isNegative && !negatable.includes(name)) tokens.fail('a number after the minus sign');
    tokens.next();
    if (!isNegative) return { kind: 'identifier', text };
    return { kind: 'float', value: name === 'nan' ? Number.NaN : -Infinity };
  }
  if (kind !== 'number') tokens.fail('a value');
  tokens.next();
  if (!/^0[xX]|^[0-9]+$/.test(text)) {
    return { kind: 'float', value: isNegative ? -Number(text) : Number(text) };
  }
  const size = BigInt(/^0[0-7]+$/.test(text) ? `0o${text.slice(1)}` : text);
  return { kind: 'integer', value: isNegative ? -size : size, isNegative };
}
