import type { DataFormat } from '@order-stream/serde';
import { type CompatibilityMode, compatibilityModes } from '@order-stream/serde/compatibility';
import { invalidInput } from './glue-error.ts';
import {
  type Members,
  optionalStructure,
  optionalText,
  requiredText,
  type TextRule,
} from './members.ts';

// The limits of the service model (shapes SchemaRegistryNameString, SchemaDefinitionString, …).
export const nameRule: TextRule = { maxLength: 255, pattern: /^[a-zA-Z0-9\-_$#.]+$/ };
export const arnRule: TextRule = { maxLength: 10_240, pattern: /^arn:aws[^:]*:glue:.*$/s };
export const descriptionRule: TextRule = { minLength: 0, maxLength: 2048 };
export const definitionRule: TextRule = { maxLength: 170_000, pattern: /\S/ };
export const versionIdRule: TextRule = {
  maxLength: 36,
  pattern: /^[a-f0-9]{8}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{12}$/,
};
export const versionNumberRange = { min: 1, max: 100_000 };
export const metadataKeyRule: TextRule = { maxLength: 128, pattern: /^[a-zA-Z0-9+-=._./@]+$/ };
export const metadataValueRule: TextRule = { ...metadataKeyRule, maxLength: 256 };

const dataFormats: readonly DataFormat[] = ['AVRO', 'JSON', 'PROTOBUF'];
const maxTags = 50;
const tagValueRule: TextRule = { minLength: 0, maxLength: 256 };

export function readDataFormat(members: Members): DataFormat {
  const text = requiredText(members, 'DataFormat', { minLength: 0, maxLength: 64 });
  const dataFormat = dataFormats.find((known) => known === text);
  if (dataFormat === undefined) {
    throw invalidInput('Data format is not valid. Parameter Name: dataFormat');
  }
  return dataFormat;
}

export function readCompatibility(members: Members): CompatibilityMode | undefined {
  const text = optionalText(members, 'Compatibility', { minLength: 0, maxLength: 64 });
  const mode = compatibilityModes.find((known) => known === text);
  if (text !== undefined && mode === undefined) {
    throw invalidInput('Compatibility is not valid. Parameter Name: compatibility');
  }
  return mode;
}

export function readTags(members: Members): ReadonlyMap<string, string> {
  const tags = optionalStructure(members, 'Tags') ?? {};
  const keys = Object.keys(tags);
  if (keys.length > maxTags) {
    throw invalidInput(`New Tags cannot be empty or more than ${maxTags}. Parameter Name: tags`);
  }
  return new Map(
    keys.map((key) => {
      if (key === '' || key.length > 128) {
        throw invalidInput('A tag key has 1 to 128 characters. Parameter Name: tags');
      }
      return [key, optionalText(tags, key, tagValueRule) ?? ''];
    }),
  );
}
