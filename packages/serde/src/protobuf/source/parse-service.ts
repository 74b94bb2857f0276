import { parseOptionStatement } from './parse-options.ts';
import type { OptionSetting, RpcSource, ServiceSource } from './source-file.ts';
import type { TokenReader } from './token-reader.ts';

/** `service Name { … }`, from the word `service` on. */
export function parseService(tokens: TokenReader): ServiceSource {
  tokens.expect('service');
  const { line } = tokens;
  const name = tokens.name();
  const rpcs: RpcSource[] = [];
  const options: OptionSetting[] = [];
  tokens.expect('{');
  while (!tokens.take('}')) {
    if (tokens.take(';')) continue;
    if (tokens.isAt('option')) options.push(parseOptionStatement(tokens));
    else rpcs.push(parseRpc(tokens));
  }
  return { name, line, rpcs, options };
}

/** `rpc Name (Request) returns (stream Response);`, or with options in braces. */
function parseRpc(tokens: TokenReader): RpcSource {
  tokens.expect('rpc');
  const { line } = tokens;
  const name = tokens.name();
  const [streamsRequest, request] = parseParameter(tokens);
  tokens.expect('returns');
  const [streamsResponse, response] = parseParameter(tokens);
  const options: OptionSetting[] = [];
  if (tokens.take('{')) {
    while (!tokens.take('}')) if (!tokens.take(';')) options.push(parseOptionStatement(tokens));
  } else tokens.expect(';');
  return { name, line, options, request, response, streamsRequest, streamsResponse };
}

function parseParameter(tokens: TokenReader): [boolean, string] {
  tokens.expect('(');
  const streams = tokens.take('stream');
  const type = tokens.reference();
  tokens.expect(')');
  return [streams, type];
}
