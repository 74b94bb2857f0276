import { type Token, tokensOf } from './tokens.ts';

/** What a .proto file declares, with its place in the text. */
export interface Declaration {
  readonly kind: 'message' | 'enum' | 'service' | 'oneof' | 'rpc' | 'field';
  readonly name: string;
  /** UTF-16 offsets. A declaration with a body ends at its name, a field or rpc before its semicolon. */
  readonly start: number;
  readonly end: number;
  /** The type of a field as written; of a map, that of its values. */
  readonly type?: string;
  /** Members of a message are also those of its oneofs and groups. Values of enums are left out. */
  readonly members: Declaration[];
}

const skipped = new Set(['option', 'reserved', 'extensions', 'syntax', 'import', 'package']);
const withBody = new Set(['message', 'enum', 'service', 'oneof', 'extend']);

/**
 * The package and the declarations of a .proto file that `parseSource` accepts, in their order.
 *
 * @throws InvalidSchemaError the text has no tokens of a .proto file
 */
export function declarationsOf(text: string): { packageName: string; members: Declaration[] } {
  const tokens = tokensOf(text);
  let at = 0;
  let packageName = '';
  return { members: readBody('file'), packageName };

  function readBody(around: string): Declaration[] {
    const members: Declaration[] = [];
    while (peek().kind !== 'end') {
      if (take('}')) break;
      if (take(';')) continue;
      members.push(...readStatement(around));
    }
    return members;
  }

  function readStatement(around: string): Declaration[] {
    const first = peek();
    const isKeyword = around !== 'enum';
    if (withBody.has(first.text) && isKeyword && around !== 'oneof') return readBlock(first);
    const statement = readTokens();
    if (first.text === 'package') packageName = dotted(statement.slice(1));
    if (skipped.has(first.text)) return [];
    // An rpc may have options in braces.
    if (first.text === 'rpc' && around === 'service') {
      if (take('{')) readBody('options');
      return [declare('rpc', statement[1], statement)];
    }
    if (around === 'enum' || around === 'options' || around === 'service') return [];
    return readField(statement);
  }

  function readBlock(first: Token): Declaration[] {
    const header = readTokens();
    take('{');
    const members = readBody(first.text);
    if (first.text === 'extend') return [];
    const kind = first.text as Declaration['kind'];
    const block = { ...declare(kind, header[1], header.slice(0, 2)), members };
    // The fields of a oneof are fields of its message.
    return kind === 'oneof' ? [{ ...block, members: [] }, ...members] : [block];
  }

  function readField(statement: readonly Token[]): Declaration[] {
    const equals = statement.findIndex(({ text, kind }) => kind === 'symbol' && text === '=');
    const name = statement[equals - 1];
    const isLabel = /^(?:optional|required|repeated)$/.test(statement[0]?.text ?? '');
    const written = statement.slice(isLabel && equals > 2 ? 1 : 0, Math.max(0, equals - 1));
    const comma = written.findLastIndex(({ text }) => text === ',');
    const type = dotted(written.slice(comma + 1).filter(({ text }) => text !== '>'));
    if (!take('{')) return [{ ...declare('field', name, statement), type }];
    const group = { ...declare('message', name, statement), members: readBody('message') };
    const field = { ...group, kind: 'field' as const, name: group.name.toLowerCase(), members: [] };
    return [group, { ...field, type: group.name }];
  }

  /** The tokens up to a semicolon or an opening brace. Braces in option values belong to the statement. */
  function readTokens(): Token[] {
    const statement: Token[] = [];
    let depth = 0;
    const isOption = peek().text === 'option';
    for (;;) {
      const token = peek();
      if (token.kind === 'end') return statement;
      if (depth === 0 && is(token, '{') && !isOption) return statement;
      if (depth === 0 && take(';')) return statement;
      if (is(token, '[') || is(token, '{')) depth += 1;
      if (is(token, ']') || is(token, '}')) depth -= 1;
      statement.push(token);
      at += 1;
    }
  }

  function peek(): Token {
    return tokens[Math.min(at, tokens.length - 1)] as Token;
  }

  function take(text: string): boolean {
    const isHere = is(peek(), text);
    if (isHere) at += 1;
    return isHere;
  }
}

function is({ kind, text }: Token, symbol: string): boolean {
  return kind === 'symbol' && text === symbol;
}

function declare(
  kind: Declaration['kind'],
  name: Token | undefined,
  tokens: readonly Token[],
): Declaration {
  const [first, last] = [tokens[0], tokens.at(-1)];
  return {
    ...{ kind, name: name?.text ?? '', start: first?.start ?? 0, end: last?.end ?? 0 },
    members: [],
  };
}

function dotted(tokens: readonly Token[]): string {
  return tokens.map(({ text }) => text).join('');
}
