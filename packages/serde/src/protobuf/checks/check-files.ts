import { InvalidSchemaError } from '../../errors.ts';
import { rejectNumbers } from '../declared-numbers.ts';
import { inFile, type LoadedFile } from '../names/loaded-files.ts';
import { join } from '../names/symbols.ts';
import { checkOptions, type OptionRules } from '../options/check-options.ts';
import type { OptionsName } from '../options/option-fields.ts';
import { withPlainNames } from '../options/plain-names.ts';
import type {
  EnumSource,
  ExtensionSource,
  FieldSource,
  MessageSource,
  OptionSetting,
} from '../source/source-file.ts';
import { checkEnum } from './enum-rules.ts';
import { checkExtension, checkField } from './field-rules.ts';
import { checkJsonNames } from './json-names.ts';
import { checkMessageSet } from './message-sets.ts';
import { checkRanges } from './number-ranges.ts';

/**
 * Rejects what protoc rejects besides syntax and names: options, defaults, numbers, reserved ranges, JSON names, also in
 * messages that nothing refers to.
 *
 * @throws InvalidSchemaError
 */
export function checkFiles(
  files: readonly LoadedFile[],
  undeclared: OptionRules['undeclared'],
): void {
  for (const file of files) {
    if (!file.isKnown) inFile(file.path, () => checkFile(file, files, undeclared));
  }
}

function checkFile(
  file: LoadedFile,
  files: readonly LoadedFile[],
  undeclared: OptionRules['undeclared'],
): void {
  const { source } = file;
  const { packageName } = source;
  const paths = new Set<string>();
  for (const { path } of source.imports) {
    if (paths.has(path)) throw new InvalidSchemaError(`"${path}" is imported twice`);
    paths.add(path);
  }
  options('FileOptions', source.options, 'the file', join(packageName, '-'));
  for (const message of source.messages) visitMessage(message, packageName);
  for (const type of source.enums) visitEnum(type, packageName);
  for (const extension of source.extensions) visitExtension(extension, packageName);
  for (const service of source.services) {
    const fullName = join(packageName, service.name);
    options('ServiceOptions', service.options, fullName, fullName);
    for (const rpc of service.rpcs) {
      const name = join(fullName, rpc.name);
      options('MethodOptions', rpc.options, name, name);
    }
  }

  function visitMessage(written: MessageSource, scope: string): void {
    const fullName = join(scope, written.name);
    options('MessageOptions', written.options, fullName, fullName);
    const message = { ...written, options: withPlainNames(written.options, fullName, file) };
    for (const settings of message.extensionOptions) {
      options('ExtensionRangeOptions', settings, fullName, fullName);
    }
    rejectNumbers(fullName, message);
    checkMessageSet(fullName, message, source.syntax);
    checkRanges(fullName, message, source.syntax);
    checkJsonNames(fullName, message, source.syntax);
    for (const field of message.fields) {
      const name = join(fullName, field.name);
      checkField(visitOptions(field, name), name, file, files);
    }
    for (const oneof of message.oneofs) {
      const name = join(fullName, oneof.name);
      options('OneofOptions', oneof.options, name, name);
    }
    for (const nested of message.messages) visitMessage(nested, fullName);
    for (const nested of message.enums) visitEnum(nested, fullName);
    for (const extension of message.extensions) visitExtension(extension, fullName);
  }

  /** The field with the plain names of its options. */
  function visitOptions(field: FieldSource, fullName: string): FieldSource {
    // `default` and `json_name` are properties of the field in the syntax of options.
    const settings = field.options.filter(
      ({ path }) => path.length > 1 || (path[0] !== 'default' && path[0] !== 'json_name'),
    );
    options('FieldOptions', settings, fullName, fullName);
    return { ...field, options: withPlainNames(field.options, fullName, file) };
  }

  function visitExtension({ extendee, fields }: ExtensionSource, scope: string): void {
    for (const written of fields) {
      const fullName = join(scope, written.name);
      const field = visitOptions(written, fullName);
      checkField(field, fullName, file, files);
      checkExtension(field, extendee, fullName, file, files);
    }
  }

  function visitEnum(type: EnumSource, scope: string): void {
    const fullName = join(scope, type.name);
    options('EnumOptions', type.options, fullName, fullName);
    for (const { name, options: settings } of type.values) {
      options('EnumValueOptions', settings, `${fullName}.${name}`, join(scope, name));
    }
    checkEnum(fullName, type, withPlainNames(type.options, fullName, file), source.syntax);
  }

  function options(
    name: OptionsName,
    settings: readonly OptionSetting[],
    place: string,
    user: string,
  ): void {
    checkOptions(settings, place, user, file, { name, files, undeclared });
  }
}
