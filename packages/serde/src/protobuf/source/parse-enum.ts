import { parseOptionList, parseOptionStatement } from './parse-options.ts';
import { parseReserved } from './parse-reserved.ts';
import type { EnumSource, OptionSetting } from './source-file.ts';
import type { TokenReader } from './token-reader.ts';

/** `enum Name { … }`, from the word `enum` on. */
export function parseEnum(tokens: TokenReader): EnumSource {
  tokens.expect('enum');
  const { line } = tokens;
  const name = tokens.name();
  const values: { name: string; number: number }[] = [];
  const options: OptionSetting[] = [];
  const reserved = { ranges: [], names: [] };
  tokens.expect('{');
  while (!tokens.take('}')) {
    if (tokens.take(';')) continue;
    if (tokens.isAt('option')) options.push(parseOptionStatement(tokens));
    else if (tokens.isAt('reserved')) parseReserved(tokens, reserved, 2 ** 31 - 1);
    else {
      const value = tokens.name();
      tokens.expect('=');
      values.push({ name: value, number: tokens.signedInteger() });
      parseOptionList(tokens);
      tokens.expect(';');
    }
  }
  return { name, line, values, options, reserved };
}
