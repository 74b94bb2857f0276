import type { OptionSetting, OptionTree, OptionValue } from './source-file.ts';
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
  const path: string[] = [];
  do {
    if (tokens.take('(')) {
      path.push(`(${tokens.reference()})`);
      tokens.expect(')');
    } else path.push(tokens.name());
    if (path.length > maxDepth) tokens.reject('the option nests too deeply');
  } while (tokens.take('.'));
  tokens.expect('=');
  const value = tokens.isAt('{') ? parseTree(tokens, 1) : parseScalar(tokens);
  return { path, value };
}

/** A message in the text format: `{ a: 1, b { c: "x" } [ext.name]: [1, 2] }`. */
function parseTree(tokens: TokenReader, depth: number): OptionTree {
  if (depth > maxDepth) tokens.reject('the option nests too deeply');
  const tree: OptionTree = {};
  const close = tokens.take('<') ? '>' : '}';
  if (close === '}') tokens.expect('{');
  while (!tokens.take(close)) {
    const name = tokens.isAt('[') ? parseExtensionName(tokens) : tokens.name();
    tokens.take(':');
    addValue(tree, name, parseValue(tokens, depth));
    if (!tokens.take(',')) tokens.take(';');
  }
  return tree;
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

function parseValue(tokens: TokenReader, depth: number): OptionValue {
  if (depth > maxDepth) tokens.reject('the option nests too deeply');
  if (tokens.isAt('{') || tokens.isAt('<')) return parseTree(tokens, depth + 1);
  if (!tokens.take('[')) return parseScalar(tokens);
  const values: OptionValue[] = [];
  if (tokens.take(']')) return values;
  do values.push(parseValue(tokens, depth + 1));
  while (tokens.take(','));
  tokens.expect(']');
  return values;
}

function parseScalar(tokens: TokenReader): string | number | boolean {
  const isNegative = tokens.take('-');
  const { kind, text } = tokens.peek();
  if (kind === 'string' && !isNegative) return tokens.string();
  if (kind === 'word') {
    tokens.next();
    if (text === 'inf' || text === 'infinity') return isNegative ? -Infinity : Infinity;
    if (text === 'nan') return Number.NaN;
    if (isNegative) tokens.reject('expected a number after the minus sign');
    return text === 'true' || (text === 'false' ? false : text);
  }
  if (kind !== 'number') tokens.fail('a value');
  tokens.next();
  return numberFrom(text, isNegative);
}

function numberFrom(text: string, isNegative: boolean): number | string {
  if (!/^0[xX]|^[0-9]+$/.test(text)) return isNegative ? -Number(text) : Number(text);
  const digits = /^0[0-7]+$/.test(text) ? `0o${text.slice(1)}` : text;
  const size = BigInt(digits);
  const value = isNegative ? -size : size;
  return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
}

/** Adds a value to a member that may repeat. */
export function addValue(tree: OptionTree, name: string, value: OptionValue): void {
  const before = Object.hasOwn(tree, name) ? tree[name] : undefined;
  if (before === undefined) {
    tree[name] = value;
    return;
  }
  // In place: a copy for each value would take quadratic time.
  const values = Array.isArray(before) ? before : [before];
  for (const added of Array.isArray(value) ? value : [value]) values.push(added);
  tree[name] = values;
}
