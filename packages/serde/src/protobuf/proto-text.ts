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
      if (before !== undefined) refuse('syntax was expected as the first statement');
      tokens.next();
      tokens.next();
      const named = tokens.next();
      if (named !== 'proto2' && named !== 'proto3') refuse('proto2 or proto3 was expected');
      else syntax = named;
      tokens.next();
    } else if (token.split('.').includes('__proto__')) {
      refuse('the name __proto__ is not supported');
    }
    before = token;
  }
  return syntax;

  function refuse(reason: string): never {
    throw new InvalidSchemaError(`line ${tokens.line}: ${reason}`);
  }
}
