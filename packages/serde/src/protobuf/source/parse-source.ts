import { parseEnum } from './parse-enum.ts';
import { parseExtend, parseMessage } from './parse-message.ts';
import { parseOptionStatement } from './parse-options.ts';
import { parseService } from './parse-service.ts';
import type {
  EnumSource,
  ExtensionSource,
  ImportSource,
  MessageSource,
  OptionSetting,
  ServiceSource,
  SourceFile,
} from './source-file.ts';
import { TokenReader } from './token-reader.ts';

/**
 * Parses the text of a .proto file by protoc's grammar, proto2 (without `syntax`) or proto3. Editions are
 * rejected.
 *
 * @throws InvalidSchemaError with the line
 */
export function parseSource(text: string): SourceFile {
  const tokens = new TokenReader(text);
  const imports: ImportSource[] = [];
  const options: OptionSetting[] = [];
  const messages: MessageSource[] = [];
  const enums: EnumSource[] = [];
  const services: ServiceSource[] = [];
  const extensions: ExtensionSource[] = [];
  let packageName = '';

  // Empty statements may come before it.
  while (tokens.take(';'));
  const syntax = tokens.isAt('syntax') ? parseSyntax(tokens) : 'proto2';
  const around = { syntax, depth: 0 };
  while (tokens.peek().kind !== 'end') {
    if (tokens.take(';')) continue;
    if (tokens.isAt('message')) messages.push(parseMessage(tokens, around));
    else if (tokens.isAt('enum')) enums.push(parseEnum(tokens));
    else if (tokens.isAt('service')) services.push(parseService(tokens));
    else if (tokens.isAt('extend')) extensions.push(parseExtend(tokens, { messages }, around));
    else if (tokens.isAt('option')) options.push(parseOptionStatement(tokens));
    else if (tokens.isAt('import')) imports.push(parseImport(tokens));
    else if (tokens.isAt('package')) {
      if (packageName !== '') tokens.reject('expected one package statement');
      packageName = parsePackage(tokens);
    } else if (tokens.isAt('edition')) {
      tokens.reject('editions are not supported; expected proto2 or proto3');
    } else if (tokens.isAt('syntax')) tokens.reject('expected syntax as the first statement');
    else tokens.fail('a declaration');
  }
  return { syntax, packageName, imports, options, messages, enums, services, extensions };
}

function parseSyntax(tokens: TokenReader): SourceFile['syntax'] {
  const { line } = tokens;
  tokens.expect('syntax');
  tokens.expect('=');
  const isString = tokens.peek().kind === 'string';
  const syntax = isString ? tokens.string() : '';
  if (syntax !== 'proto2' && syntax !== 'proto3') tokens.reject('expected proto2 or proto3', line);
  tokens.expect(';');
  return syntax;
}

function parseImport(tokens: TokenReader): ImportSource {
  tokens.expect('import');
  const isPublic = tokens.take('public');
  if (!isPublic) tokens.take('weak');
  const path = tokens.string();
  tokens.expect(';');
  return { path, isPublic };
}

function parsePackage(tokens: TokenReader): string {
  tokens.expect('package');
  const name = tokens.dottedName();
  tokens.expect(';');
  return name;
}
