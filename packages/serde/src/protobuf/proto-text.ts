import protobuf from 'protobufjs';
import { InvalidSchemaError } from '../errors.ts';

/**
 * The syntax of the text of a .proto file, proto2 where it says none. Refuses what protobufjs takes
 * and then reads as something else: it leaves the name `__proto__` out, reads editions by halves and
 * takes `syntax` anywhere.
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
      refuse('editions are not supported, proto2 or proto3 was expected');
    } else if (token === 'syntax' && isStatement) {
      if (!isFirst) refuse('syntax was expected as the first statement');
      tokens.next();
      const named = stringOf(tokens);
      if (named !== 'proto2' && named !== 'proto3') refuse('proto2 or proto3 was expected');
      else syntax = named;
    } else if (token.split('.').includes('__proto__')) {
      refuse('the name __proto__ is not supported');
    }
    // Empty statements may stand before it.
    if (token !== ';') isFirst = false;
    before = token;
  }
  return syntax;

  function refuse(reason: string): never {
    throw new InvalidSchemaError(`line ${tokens.line}: ${reason}`);
  }
}

/** The strings that follow, which are one: `"pro" "to3"`. */
function stringOf(tokens: protobuf.ITokenizerHandle): string {
  let text = '';
  while (tokens.peek() === '"' || tokens.peek() === "'") {
    tokens.next();
    text += tokens.next() ?? '';
    tokens.next();
  }
  return text;
}
