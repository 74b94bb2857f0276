import protobuf from 'protobufjs';
import { InvalidSchemaError } from '../errors.ts';

/**
 * The syntax of a .proto file, proto2 if it names none. Rejects what protobufjs accepts and misreads: it
 * drops the name `__proto__`, supports editions in part, and accepts `syntax` anywhere.
 *
 * @throws InvalidSchemaError with the line
 */
export function syntaxOf(text: string): 'proto2' | 'proto3' {
  const tokens = protobuf.tokenize(text, false);
  let syntax: 'proto2' | 'proto3' = 'proto2';
  let before: string | undefined;
  let depth = 0;
  let isFirst = true;

  for (let token = tokens.next(); token !== null; token = tokens.next()) {
    const isStatement = depth === 0 && (before === undefined || before === ';' || before === '}');
    if (token === '"' || token === "'") {
      tokens.next();
      tokens.next();
    } else if (token === '{') depth += 1;
    else if (token === '}') depth -= 1;
    else if (token === 'edition' && isStatement) {
      reject('editions are not supported; expected proto2 or proto3');
    } else if (token === 'syntax' && isStatement) {
      if (!isFirst) reject('expected syntax as the first statement');
      tokens.next();
      const named = stringOf(tokens);
      if (named !== 'proto2' && named !== 'proto3') reject('expected proto2 or proto3');
      else syntax = named;
    } else if (token.split('.').includes('__proto__')) {
      reject('the name __proto__ is not supported');
    }
    // Empty statements may come before it.
    if (token !== ';') isFirst = false;
    before = token;
  }
  return syntax;

  function reject(reason: string): never {
    throw new InvalidSchemaError(`line ${tokens.line}: ${reason}`);
  }
}

/** Joins the string literals that follow: `"pro" "to3"` is one string. */
function stringOf(tokens: protobuf.ITokenizerHandle): string {
  let text = '';
  while (tokens.peek() === '"' || tokens.peek() === "'") {
    tokens.next();
    text += tokens.next() ?? '';
    tokens.next();
  }
  return text;
}
