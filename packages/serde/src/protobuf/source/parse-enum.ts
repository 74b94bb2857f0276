import { parseOptionList, parseOptionStatement } from './parse-options.ts';
import { parseReserved } from './parse-reserved.ts';
import type { EnumSource, EnumValueSource, OptionSetting } from './source-file.ts';
import type { TokenReader } from './token-reader.ts';

/** `enum Name { … }`, from the word `enum` on. */
export function parseEnum(tokens: TokenReader): EnumSource {
  tokens.expect('enum');
  const { line } = tokens;
  const name = tokens.name();
  const values: EnumValueSource[] = [];
  const options: OptionSetting[] = [];
  const reserved = { ranges: [], names: [] };
  tokens.expect('{');
  while (!tokens.take('}')) {
    if (tokens.take(';')) continue;
    if (tokens.isAt('option')) options.push(parseOptionStatement(tokens));
    else if (tokens.isAt('reserved')) parseReserved(tokens, reserved, 'enum');
    else {
      const { line } = tokens;
      const name = tokens.name();
      tokens.expect('=');
      const number = tokens.signedInteger();
      values.push({ name, line, number, options: parseOptionList(tokens) });
      tokens.expect(';');
    }
  }
  return { name, line, values, options, reserved };
}
